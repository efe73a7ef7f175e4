using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;
using Orders.Application;
using Orders.Application.Lakebase;
using Orders.Infrastructure.Lakebase.Connecting;
using Orders.Infrastructure.Lakebase.Provisioning;
using Orders.Infrastructure.Lakebase.Workspace;
using Orders.Infrastructure.Postgres;

namespace Orders.Infrastructure.Lakebase;

/// <summary>Registers the database on Lakebase and its resources.</summary>
internal static class LakebaseServiceCollectionExtensions
{
    private const string HttpName = "Databricks";

    // Longer than all attempts of a call, which have limits in their pipeline.
    private static readonly TimeSpan HttpTimeout = TimeSpan.FromSeconds(330);

    /// <exception cref="StartupException">The connection string says what is Lakebase's to say.</exception>
    public static void AddLakebase(
        this IServiceCollection services, LakebaseOptions options, string? connectionString, ReadTarget? reads, TimeSpan retryTime)
    {
        NpgsqlConnectionStringBuilder settings = LakebaseConnectionString.Read(connectionString, options);
        services.AddDatabricksClient(options);
        services.AddSingleton<DatabaseCredentials>();
        services.AddSingleton(provider => ActivatorUtilities.CreateInstance<LakebaseDatabase>(
            provider, options, settings, reads ?? ReadTarget.Primary));
        services.AddHostedService(provider => provider.GetRequiredService<LakebaseDatabase>());
        services.AddHostedService(provider =>
        {
            DatabricksClient client = provider.GetRequiredService<DatabricksClient>();
            return new CredentialRenewal(
                provider.GetRequiredService<DatabaseCredentials>(),
                cancellationToken => options.Server.IssueCredentialAsync(client, cancellationToken),
                provider.GetRequiredService<TimeProvider>(),
                provider.GetRequiredService<ILogger<CredentialRenewal>>());
        });
        services.AddSingleton(provider => provider.GetRequiredService<LakebaseDatabase>().Servers);
        services.AddSingleton<ConnectionPolicy>(
            provider => ActivatorUtilities.CreateInstance<LakebaseConnectionPolicy>(provider, retryTime, options));
    }

    /// <summary>Registers the provisioner of the resources.</summary>
    public static void AddLakebaseResources(this IServiceCollection services, LakebaseOptions options, ResourceSettings settings)
    {
        if (services.All(service => service.ServiceType != typeof(DatabricksClient)))
        {
            services.AddDatabricksClient(options);
        }

        services.AddSingleton(provider => WorkspaceResources.Of(options.Server, settings, provider.GetRequiredService<DatabricksClient>()));
        services.AddSingleton<ResourceReconciler>();
        services.AddSingleton<IResourceProvisioner, ResourceProvisioner>();
    }

    /// <summary>Registers the client of the workspace's API.</summary>
    public static void AddDatabricksClient(this IServiceCollection services, LakebaseOptions options)
    {
        IHttpClientBuilder builder = services.AddHttpClient(HttpName, http =>
            {
                http.BaseAddress = options.Workspace;
                http.Timeout = HttpTimeout;
            })

            // One handler for good, which reconnects now and then because the address of a host may change. It follows no redirects.
            .UseSocketsHttpHandler((handler, _) =>
            {
                handler.PooledConnectionLifetime = TimeSpan.FromMinutes(2);
                handler.AllowAutoRedirect = false;
            })
            .SetHandlerLifetime(Timeout.InfiniteTimeSpan)
            .RemoveAllLoggers();
        builder.AddResilienceHandler(HttpName, WorkspaceResilience.Configure);
        builder.AddHttpMessageHandler(() => new BufferingHandler());
        services.AddSingleton(provider => new WorkspaceHttp(
            provider.GetRequiredService<IHttpClientFactory>().CreateClient(HttpName), options.Login,
            provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(options.Login);
        services.AddSingleton<WorkspaceTokens>();
        services.AddSingleton<DatabricksClient>();
    }
}
