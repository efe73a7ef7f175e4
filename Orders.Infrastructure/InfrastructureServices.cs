using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;
using Orders.Application;
using Orders.Application.Seeding;
using Orders.Infrastructure.EmbeddedPostgres;
using Orders.Infrastructure.Persistence;
using Orders.Infrastructure.Tpch;

namespace Orders.Infrastructure;

/// <summary>What this layer offers to the composition root.</summary>
public static class InfrastructureServices
{
    // Seconds a readiness probe waits at most: probes of orchestrators commonly give up after five.
    private const int ReadinessTimeout = 4;

    /// <summary>Orders in PostgreSQL: at <c>ConnectionStrings:Orders</c>, or in Development without one on a private server.</summary>
    /// <exception cref="StartupException">No database is configured, or its connection string can't be read.</exception>
    public static IServiceCollection AddOrdersInfrastructure(
        this IServiceCollection services, IConfiguration configuration, IHostEnvironment environment)
    {
        if (configuration.GetConnectionString("Orders") is { } connectionString && !string.IsNullOrWhiteSpace(connectionString))
        {
            NpgsqlDataSource dataSource = OrdersDataSource.Create(connectionString);
            services.AddSingleton(_ => dataSource);
        }
        else if (environment.IsDevelopment())
        {
            services.AddSingleton(new EmbeddedPostgresOptions
            {
                BinDirectory = configuration["EmbeddedPostgres:BinDirectory"],
                DataDirectory = configuration["EmbeddedPostgres:DataDirectory"],
                RunAs = configuration["EmbeddedPostgres:RunAs"],
                LoadSample = Switch(configuration, "EmbeddedPostgres:LoadSample", true),
            });
            services.AddSingleton<EmbeddedPostgresService>();
            services.AddHostedService(provider => provider.GetRequiredService<EmbeddedPostgresService>());
            services.AddSingleton(provider => OrdersDataSource.Create(provider.GetRequiredService<EmbeddedPostgresService>().ConnectionString));
        }
        else
        {
            throw new StartupException(
                "No database is configured. Set ConnectionStrings__Orders, for instance to \"Host=db;Username=orders;Password=…;Database=orders\"; only in Development the API starts a PostgreSQL server of its own.");
        }

        if (Switch(configuration, "Orders:MigrateOnStart", false))
        {
            services.AddHostedService<MigrationOnStart>();
        }

        services.AddSingleton<IOrderRepository, OrderRepository>();
        services.AddSingleton<ISchemaMigrator, SchemaMigrator>();
        services.AddSingleton<IOrderSeeder, OrderSeeder>();
        services.AddHealthChecks().AddCheck<OrdersTableHealthCheck>(
            "orders", timeout: TimeSpan.FromSeconds(ReadinessTimeout));
        return services;
    }

    /// <summary>The writer of generated orders to files, which needs no service and no database.</summary>
    public static IOrderExporter CreateOrderExporter() => new OrderExporter();

    private static bool Switch(IConfiguration configuration, string key, bool preset) => configuration[key] switch
    {
        null or "" => preset,
        var text when bool.TryParse(text, out bool value) => value,
        var text => throw new StartupException($"{key} is '{text}'. Set it to true or false."),
    };
}
