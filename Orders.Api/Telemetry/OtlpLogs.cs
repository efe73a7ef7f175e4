using OpenTelemetry;
using Serilog;
using Serilog.Configuration;

namespace Orders.Api.Telemetry;

/// <summary>Sends the lines of the log to a collector too, by Serilog's own sink and the standard variables.</summary>
internal static class OtlpLogs
{
    private const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";
    private const string LogsEndpoint = "OTEL_EXPORTER_OTLP_LOGS_ENDPOINT";
    private const string Protocol = "OTEL_EXPORTER_OTLP_PROTOCOL";
    private const string LogsProtocol = "OTEL_EXPORTER_OTLP_LOGS_PROTOCOL";

    /// <summary>What is kept while the collector does not take it: some 10 MB.</summary>
    private const int MaxQueued = 10_000;

    /// <param name="sinks">The log's.</param>
    /// <param name="configuration">The variables, wherever they are set.</param>
    /// <param name="version">The service's.</param>
    public static LoggerConfiguration Otlp(this LoggerSinkConfiguration sinks, IConfiguration configuration, string version) =>
        sinks.OpenTelemetry(
            options =>
            {
                options.ResourceAttributes = new Dictionary<string, object>
                {
                    ["service.name"] = OpenTelemetryServiceCollectionExtensions.ServiceName,
                    ["service.version"] = version,
                };
                options.BatchingOptions.QueueLimit = MaxQueued;

                // It sends by an HTTP client, whose calls are no work of the service.
                options.OnBeginSuppressInstrumentation = SuppressInstrumentationScope.Begin;
                if (configuration[LogsEndpoint] is { Length: > 0 } own)
                {
                    options.LogsEndpoint = own;
                }
            },
            name => name switch
            {
                Endpoint when configuration[LogsEndpoint] is { Length: > 0 } => null,
                Protocol when configuration[LogsProtocol] is { Length: > 0 } own => own,
                _ => configuration[name],
            });
}
