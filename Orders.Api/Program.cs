using Microsoft.Extensions.Configuration.Memory;
using Microsoft.Extensions.Options;
using Orders.Api.Commands;
using Orders.Api.Configuration;
using Orders.Api.Http;
using Orders.Api.Lakebase;
using Orders.Api.Limits;
using Orders.Api.Management;
using Orders.Api.OpenApi;
using Orders.Api.Orders;
using Orders.Api.Security;
using Orders.Api.Service;
using Orders.Api.Telemetry;
using Orders.Application;
using Orders.Application.Orders;
using Orders.Infrastructure;
using Serilog.Events;

return await OrdersCommandLine.RunAsync(
    args, Program.BuildApi, Program.BuildCommandHost, Program.BuildResourcesHost,
    InfrastructureServiceCollectionExtensions.CreateOrderExporter());

/// <summary>The composition root: the parts of the service, and a request's way through them.</summary>
internal sealed partial class Program
{
    /// <exception cref="StartupException">A setting is missing or wrong; the message says what to set.</exception>
    public static WebApplication BuildApi(string[] args) => BuildApi(args, TimeProvider.System);

    /// <exception cref="StartupException">A setting is missing or wrong; the message says what to set.</exception>
    public static WebApplication BuildApi(string[] args, TimeProvider time)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions
        {
            Args = args,

            // Controllers are looked for in this assembly, also when the tests build the service.
            ApplicationName = typeof(Program).Assembly.GetName().Name,
        });
        builder.Configuration.AddDefaultsAndCheck(builder.Environment, InfrastructureServiceCollectionExtensions.SettingSections);
        var keys = ApiKeys.From(builder.Configuration);
        var limits = KestrelLimits.From(builder.Configuration);
        builder.WebHost.UseOrdersUrls(builder.Configuration).UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            limits.Apply(kestrel);
        });

        IServiceCollection services = builder.Services;
        OrdersOptions settings = builder.Configuration.GetSection(OrdersOptions.Section).Get<OrdersOptions>() ?? new OrdersOptions();
        var otlp = OpenTelemetrySettings.From(builder.Configuration);
        services.AddOrdersLogging(builder.Configuration, builder.Environment, sentBy: otlp.Logs ? ProductVersion.Current : null);
        services.AddOrdersTelemetry(otlp, settings.Metrics == MetricsExport.On, ProductVersion.Current);
        services.AddManagement(settings);
        services.AddOrdersInfrastructure(builder.Configuration, builder.Environment);
        services.AddOrderRepository();
        services.AddSingleton(time);
        services.AddOrdersOptions();
        services.AddConnectionHandling(limits.Connections);
        services.AddSingleton(provider => new CountCache(
            provider.GetRequiredService<IOrderRepository>(), Options(provider).CountMaxAge.Value,
            provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(Random.Shared);
        services.AddSingleton<OrderService>();
        services.AddHostedService<FirstCount>();
        services.AddSingleton<CacheHeaders>();
        services.AddSingleton<Readiness>();
        services.AddSingleton<HealthReporter>();
        services.AddDraining();
        services.AddLimits();
        services.AddSingleton(provider => new RequestTimeout(Options(provider).RequestTimeout.Value));
        BrowserOrigins.AddTo(services, builder.Configuration);
        services.AddOrdersSecurity(keys, builder.Configuration, builder.Environment);
        services.AddOrdersControllers(OrdersJsonContext.Default, ServiceJsonContext.Default, LakebaseJsonContext.Default);
        Compression.AddTo(services);
        services.AddOrdersOpenApi();
        bool hasResources = keys.HasResourcesKey || builder.Configuration.GetValue<bool>("Lakebase:ResourceOperations");
        services.AddResourceOperations(hasResources);
        if (hasResources)
        {
            services.AddLakebaseResources(builder.Configuration);
        }

        WebApplication app = builder.Build();
        app.Services.GetRequiredService<TrustedProxies>().Use(app);
        app.UseRequestTiming(settings, otlp.Traces);
        app.UseMiddleware<RequestLoggingMiddleware>();
        Draining draining = app.Services.GetRequiredService<Draining>();
        app.UseHttpSemantics(KestrelLimits.MaxRequestBodyBytes, () => draining.HasBegun);
        if (ServerUrls.HaveHttps(app.Configuration) && !app.Environment.IsDevelopment())
        {
            app.UseHsts();
        }

        app.UseMiddleware<ErrorHandlingMiddleware>();
        if (Options(app.Services).Compression)
        {
            Compression.Use(app);
        }

        app.UseHostFiltering();
        app.UseRouting();
        BrowserOrigins.Use(app);
        app.UseConcurrencyLimit();
        app.UseOrdersSecurity();
        app.UseRateLimits();
        app.UseReadOnly(Options(app.Services).ReadOnly);
        app.UseConsistencyTokens();
        app.MapOrdersOpenApi();
        app.MapControllers();
        return app;
    }

    /// <summary>The host of commands: the database without the service, and logs on standard error.</summary>
    /// <exception cref="StartupException">A setting is missing or wrong; the message says what to set.</exception>
    public static IHost BuildCommandHost(string[] args)
    {
        HostApplicationBuilder builder = CreateCommandBuilder([.. args, "--EmbeddedPostgres:LoadSample=false"]);
        builder.Services.AddOrdersInfrastructure(builder.Configuration, builder.Environment);
        return builder.Build();
    }

    /// <summary>The host of the commands on the resources on Lakebase: the workspace without the database.</summary>
    /// <exception cref="StartupException">A setting is missing or wrong; the message says what to set.</exception>
    public static IHost BuildResourcesHost(string[] args)
    {
        HostApplicationBuilder builder = CreateCommandBuilder(args);

        // The command displays all that would be logged. Any setting overrides this one.
        builder.Configuration.Sources.Insert(
            0,
            new MemoryConfigurationSource
            {
                InitialData = [new("Serilog:MinimumLevel:Default", "Fatal"), new("Serilog:MinimumLevel:Override:Polly", "Fatal")],
            });
        builder.Services.AddLakebaseResources(builder.Configuration);
        return builder.Build();
    }

    private static HostApplicationBuilder CreateCommandBuilder(string[] args)
    {
        HostApplicationBuilder builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings
        {
            Args = args,

            // The same variable as for the service; null leaves it to the framework.
            EnvironmentName = Environment.GetEnvironmentVariable("ASPNETCORE_ENVIRONMENT"),
        });
        builder.Configuration.AddDefaultsAndCheck(builder.Environment, InfrastructureServiceCollectionExtensions.SettingSections);
        builder.Services.AddOrdersLogging(builder.Configuration, builder.Environment, LogEventLevel.Verbose);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.Configure<ConsoleLifetimeOptions>(lifetime => lifetime.SuppressStatusMessages = true);
        return builder;
    }

    private static OrdersOptions Options(IServiceProvider services) => services.GetRequiredService<IOptions<OrdersOptions>>().Value;
}
