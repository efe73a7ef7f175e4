using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Npgsql;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using Orders.Application;
using Orders.Application.Orders;
using Orders.Application.Overlay;
using Orders.Application.Seeding;
using Orders.Infrastructure.EmbeddedPostgres;
using Orders.Infrastructure.Health;
using Orders.Infrastructure.Lakebase;
using Orders.Infrastructure.Lakebase.Connecting;
using Orders.Infrastructure.Lakebase.Provisioning;
using Orders.Infrastructure.Orders;
using Orders.Infrastructure.Overlay;
using Orders.Infrastructure.Postgres;
using Orders.Infrastructure.Schema;
using Orders.Infrastructure.Tpch;

namespace Orders.Infrastructure;

/// <summary>Registers this layer at the composition root.</summary>
public static class InfrastructureServiceCollectionExtensions
{
    // Seconds a readiness probe waits at most: probes of orchestrators commonly give up after five.
    private const int ReadinessTimeout = 4;

    private const string DefaultSyncedTable = "public.orders_synced";

    /// <summary>A server that sleeps wakes up within seconds.</summary>
    private static readonly TimeSpan LakebaseRetryTime = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Orders in PostgreSQL: on Databricks Lakebase where the settings name a server there, else at <c>ConnectionStrings:Orders</c>,
    /// or in Development without one on a private server.
    /// </summary>
    /// <exception cref="StartupException">No database is configured, or its settings can't be read or contradict each other.</exception>
    public static IServiceCollection AddOrdersInfrastructure(
        this IServiceCollection services, IConfiguration configuration, IHostEnvironment environment)
    {
        string? connectionString = configuration.GetConnectionString("Orders");
        OrdersOptions options = configuration.GetSection(OrdersOptions.Section).Get<OrdersOptions>() ?? new OrdersOptions();
        LakebaseOptions? lakebase = LakebaseOptionsReader.Read(configuration);
        TimeSpan retryTime = RetryTime(options, lakebase is null ? TimeSpan.Zero : LakebaseRetryTime);
        var statusChanges = StatusChangeOptions.Create(
            options.StatusChanges ?? (lakebase is null ? StatusChangeMode.InPlace : StatusChangeMode.Overlay),
            string.IsNullOrWhiteSpace(options.SyncedTable) ? lakebase?.TableInDatabase ?? DefaultSyncedTable : options.SyncedTable,
            options.OverlaySchema);
        bool hasSeveralServers = false;
        if (lakebase is not null)
        {
            hasSeveralServers = options.Reads is not (null or ReadTarget.Primary);
            services.AddLakebase(lakebase, statusChanges.Lead(connectionString ?? ""), options.Reads, retryTime);
        }
        else if (!string.IsNullOrWhiteSpace(connectionString))
        {
            string? readers = configuration.GetConnectionString("OrdersReads");
            var servers = ServerList.Create(
                statusChanges.Lead(connectionString), string.IsNullOrWhiteSpace(readers) ? null : statusChanges.Lead(readers),
                options.Reads, ownsSearchPath: statusChanges.Mode == StatusChangeMode.Overlay);
            hasSeveralServers = servers.Servers.Count + servers.Readers.Count > 1;
            services.AddSingleton(_ => servers);
        }
        else if (statusChanges.Mode == StatusChangeMode.Overlay)
        {
            throw new StartupException(
                "Orders:StatusChanges is Overlay, which is for a table that a sync owns. Set ConnectionStrings__Orders to its database; "
                    + "the private server's table is the service's own.");
        }
        else if (environment.IsDevelopment())
        {
            services.AddOptions<EmbeddedPostgresOptions>().BindConfiguration(EmbeddedPostgresOptions.Section);
            services.AddSingleton<EmbeddedPostgresService>();
            services.AddHostedService(provider => provider.GetRequiredService<EmbeddedPostgresService>());
            services.AddSingleton(provider => new ServerList(
                [OrdersDataSource.Create(provider.GetRequiredService<EmbeddedPostgresService>().ConnectionString)]));
        }
        else
        {
            throw new StartupException(
                "No database is configured. Set ConnectionStrings__Orders, for instance to "
                    + "\"Host=db;Username=orders;Password=…;Database=orders\"; only in Development "
                + "the API starts a PostgreSQL server of its own.");
        }

        if (options.MigrateOnStart)
        {
            services.AddHostedService<MigrationOnStart>();
        }

        services.TryAddSingleton(new ConnectionPolicy(retryTime));
        services.AddSingleton(provider => new ConsistencyTokens(hasSeveralServers, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<IConsistencyTokens>(provider => provider.GetRequiredService<ConsistencyTokens>());
        services.AddSingleton<DatabaseConnections>();
        services.AddSingleton<IOrderSeeder, OrderSeeder>();
        AddStatusChanges(services, statusChanges);

        // For whoever listens: nothing does by itself.
        services.ConfigureOpenTelemetryTracerProvider(static tracing => tracing.AddNpgsql());
        services.ConfigureOpenTelemetryMeterProvider(static metrics => metrics.AddNpgsqlInstrumentation());
        return services;
    }

    /// <summary>The sections of settings that this layer reads, and the options that they are bound to.</summary>
    public static IReadOnlyDictionary<string, Type> SettingSections { get; } = new Dictionary<string, Type>
    {
        [EmbeddedPostgresOptions.Section] = typeof(EmbeddedPostgresOptions),
        [LakebaseSettings.Section] = typeof(LakebaseSettings),
    };

    /// <summary>The orders, for the service: commands do without.</summary>
    /// <param name="services">The service's, with the database of <see cref="AddOrdersInfrastructure"/>.</param>
    public static IServiceCollection AddOrderRepository(this IServiceCollection services)
    {
        if (services.Any(service => service.ServiceType == typeof(LakebaseDatabase)))
        {
            services.AddHostedService<StartupWarmUp>();
        }

        services.AddSingleton<UnreadableOrders>();
        return services.AddSingleton<IOrderRepository>(provider => new OrderRepository(
            provider.GetRequiredService<OrdersTable>(),
            provider.GetRequiredService<UnreadableOrders>(),
            recordsChanges: provider.GetRequiredService<StatusChangeOptions>().Mode == StatusChangeMode.Overlay,
            provider.GetRequiredService<IOptions<OrdersOptions>>().Value.CountTimeout.Value));
    }

    /// <summary>What creates and deletes the resources on Lakebase that are named in the settings. Takes no database.</summary>
    /// <exception cref="StartupException">No server on Lakebase is named, or something that creating takes.</exception>
    public static IServiceCollection AddLakebaseResources(this IServiceCollection services, IConfiguration configuration)
    {
        LakebaseOptions options = LakebaseOptionsReader.Read(configuration) ?? throw new StartupException(
            "No database server on Lakebase is named, so there is nothing to create or delete. Set Lakebase__Endpoint, like "
                + "\"projects/orders/branches/production/endpoints/primary\", or LAKEBASE_INSTANCE_NAME.");
        services.AddLakebaseResources(options, ResourceSettingsReader.Read(configuration, options));
        return services;
    }

    /// <summary>The writer of generated orders to files, which needs no service and no database.</summary>
    public static IOrderExporter CreateOrderExporter() => new OrderExporter();

    /// <summary>What differs by where status changes go. The statements on orders do not.</summary>
    private static void AddStatusChanges(IServiceCollection services, StatusChangeOptions options)
    {
        services.AddSingleton(options);
        services.AddSingleton(options.Mode == StatusChangeMode.Overlay ? StatusChangeOptions.Location : TableLocation.SearchPath);
        services.AddSingleton<OverlayCatalog>();
        services.AddSingleton<IStatusOverlay, StatusOverlay>();
        services.AddSingleton(provider => ActivatorUtilities.CreateInstance<OrdersTable>(
            provider, provider.GetRequiredService<IOptions<OrdersOptions>>().Value.ReadOnly));
        services.AddHealthChecks().AddCheck<OrdersHealthCheck>("orders", timeout: TimeSpan.FromSeconds(ReadinessTimeout));
        if (options.Mode == StatusChangeMode.Overlay)
        {
            services.AddSingleton<ISchemaMigrator, OverlayMigrator>();
            services.AddSingleton<ITableInspector, OverlayInspector>();
        }
        else
        {
            services.AddSingleton<ISchemaMigrator, SchemaMigrator>();
            services.AddSingleton<ITableInspector, OrdersTableInspector>();
        }
    }

    /// <summary>
    /// At most two thirds of a request's time: the rest is for its last attempt, and for callers that waited behind it. Not refused, as
    /// a person who shortens that time need not know that there is a wait.
    /// </summary>
    private static TimeSpan RetryTime(OrdersOptions options, TimeSpan defaultTime)
    {
        TimeSpan wait = options.DatabaseWait?.Value ?? defaultTime;
        TimeSpan most = options.RequestTimeout.Value * 2 / 3;
        return wait < most ? wait : most;
    }
}
