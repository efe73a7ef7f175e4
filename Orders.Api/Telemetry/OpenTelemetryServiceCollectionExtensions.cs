using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Orders.Application;

namespace Orders.Api.Telemetry;

/// <summary>Traces and metrics by OpenTelemetry. What is not asked for is not registered: nothing listens then.</summary>
internal static class OpenTelemetryServiceCollectionExtensions
{
    /// <summary>Unless OTEL_SERVICE_NAME says another.</summary>
    public const string ServiceName = "orders";

    /// <summary>The probes of orchestrators and balancers: a trace each second that nobody looks at.</summary>
    private static readonly PathString Health = "/health";
    private static readonly PathString Healthcheck = "/api/v1/healthcheck";
    private static readonly PathString Metrics = "/metrics";

    /// <summary>
    /// Without those that count what these tell too for each request, or each buffer of it: routing, authorization, the memory pool.
    /// </summary>
    private static readonly string[] FrameworkMeters =
        ["Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "Microsoft.AspNetCore.RateLimiting"];

    /// <param name="services">The service's.</param>
    /// <param name="otlp">What is sent to a collector.</param>
    /// <param name="servesMetrics">Whether Prometheus may scrape them.</param>
    /// <param name="version">The service's.</param>
    public static IServiceCollection AddOrdersTelemetry(
        this IServiceCollection services, OpenTelemetrySettings otlp, bool servesMetrics, string version)
    {
        if (otlp.Traces)
        {
            Builder(services, version).WithTracing(tracing => tracing
                .AddSource(OrdersTelemetry.Name)
                .AddAspNetCoreInstrumentation(requests => requests.Filter = static context => !IsProbe(context.Request.Path))
                .AddHttpClientInstrumentation()
                .AddOtlpExporter());
        }

        if (otlp.Metrics || servesMetrics)
        {
            Builder(services, version).WithMetrics(metrics =>
            {
                metrics
                    .AddMeter([OrdersTelemetry.Name, .. FrameworkMeters])
                    .AddHttpClientInstrumentation()
                    .AddRuntimeInstrumentation();
                if (otlp.Metrics)
                {
                    metrics.AddOtlpExporter();
                }

                if (servesMetrics)
                {
                    metrics.AddPrometheusExporter();
                }
            });
        }

        return services;
    }

    /// <summary>The variables OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES overrule what is said here.</summary>
    private static OpenTelemetryBuilder Builder(IServiceCollection services, string version) => services.AddOpenTelemetry()
        .ConfigureResource(resource => resource.Clear()
            .AddService(ServiceName, serviceVersion: version)
            .AddTelemetrySdk()
            .AddEnvironmentVariableDetector());

    private static bool IsProbe(PathString path) => path.StartsWithSegments(Health) || path == Healthcheck || path == Metrics;
}
