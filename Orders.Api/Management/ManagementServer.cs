using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Net.Http.Headers;
using OpenTelemetry.Metrics;
using Orders.Api.Http;
using Orders.Api.Service;
using Orders.Application;

namespace Orders.Api.Management;

/// <summary>
/// A server of its own for metrics and health, on addresses that are not for clients. Neither port can serve what the other does: they
/// share no pipeline.
/// </summary>
/// <param name="urls">Where it listens.</param>
/// <param name="metrics">What is measured.</param>
/// <param name="health">Whether the service can do its work.</param>
/// <param name="loggers">The service's.</param>
/// <param name="logger">Its own.</param>
internal sealed partial class ManagementServer(
    ManagementUrls urls, MeterProvider metrics, HealthReporter health, ILoggerFactory loggers, ILogger<ManagementServer> logger)
    : IHostedService, IAsyncDisposable
{
    public const string MetricsPath = "/metrics";

    /// <summary>A scraper, probes and a person's look. As many descriptors are left of those that the service keeps for itself.</summary>
    private const int MaxConnections = 16;

    private WebApplication? _app;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        _app = Build();
        try
        {
            await _app.StartAsync(cancellationToken);
        }
        catch (IOException exception)
        {
            throw new StartupException(
                $"{exception.Message.TrimEnd('.')}. Set {ManagementUrls.Setting} to an address of this machine that is free.", exception);
        }

        foreach (string address in _app.Urls)
        {
            LogListens(logger, address);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => _app?.StopAsync(cancellationToken) ?? Task.CompletedTask;

    public ValueTask DisposeAsync() => _app?.DisposeAsync() ?? ValueTask.CompletedTask;

    private WebApplication Build()
    {
        // Empty: no settings of the service's own addresses, and no signals, which are the service's to take.
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls(urls.Value).ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxConcurrentConnections = MaxConnections;
        });
        builder.Services.Replace(ServiceDescriptor.Singleton<IHostLifetime, NoLifetime>());
        builder.Services.Replace(ServiceDescriptor.Singleton<IMeterFactory, OtherMeters>());
        builder.Services.Replace(ServiceDescriptor.Singleton<ILoggerFactory>(new QuietLoggerFactory(loggers)));
        WebApplication app = builder.Build();
        app.UseOpenTelemetryPrometheusScrapingEndpoint(metrics, null, MetricsPath, null, null);
        app.Run(AnswerAsync);
        return app;
    }

    private async Task AnswerAsync(HttpContext context)
    {
        CommonHeaders.Set(context.Response);
        bool reads = HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method);
        switch (context.Request.Path.Value)
        {
            case "/health/live" when reads:
                await WriteAsync(context, HealthResponse.Live);
                break;
            case "/health/ready" when reads:
                (ApiError? error, HealthResponse answer) = await health.ReadyAsync(context.User, context.RequestAborted);
                await (error is null ? WriteAsync(context, answer) : Problems.WriteAsync(context, error));
                break;
            default:
                await Problems.WriteAsync(context, ApiError.FromStatus(StatusCodes.Status404NotFound));
                break;
        }
    }

    private static Task WriteAsync(HttpContext context, HealthResponse answer)
    {
        context.Response.Headers.CacheControl = CacheControlHeaderValue.NoStoreString;
        return context.Response.WriteAsJsonAsync(
            answer, ServiceJsonContext.Default.HealthResponse, "application/json", context.RequestAborted);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Metrics and health are served for the operator at {Address}")]
    private static partial void LogListens(ILogger logger, string address);

    /// <summary>The service takes signals, and stops this server with itself.</summary>
    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }

    /// <summary>Under a name that nobody listens to: scrapes and probes are no requests of clients.</summary>
    private sealed class OtherMeters : IMeterFactory
    {
        private readonly List<Meter> _meters = [];

        public Meter Create(MeterOptions options)
        {
            var meter = new Meter($"{nameof(Management)}.{options.Name}");
            _meters.Add(meter);
            return meter;
        }

        public void Dispose() => _meters.ForEach(static meter => meter.Dispose());
    }
}
