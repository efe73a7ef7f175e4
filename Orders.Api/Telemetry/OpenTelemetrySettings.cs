using System.Globalization;
using Orders.Application;

namespace Orders.Api.Telemetry;

/// <summary>What the standard variables <c>OTEL_*</c> ask to be sent by OTLP. The packages read the rest of them by themselves.</summary>
/// <remarks>They go on with a default where they can't read a value, and tell nobody; so values are checked here.</remarks>
internal sealed class OpenTelemetrySettings
{
    private const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";
    private const string Sampler = "OTEL_TRACES_SAMPLER";

    private static readonly string[] Signals = ["TRACES", "METRICS", "LOGS"];
    private static readonly string[] Protocols = ["grpc", "http/protobuf"];
    private static readonly string[] Samplers =
    [
        "always_on", "always_off", "traceidratio", "parentbased_always_on", "parentbased_always_off", "parentbased_traceidratio",
    ];

    private readonly IConfiguration _configuration;

    private OpenTelemetrySettings(IConfiguration configuration)
    {
        _configuration = configuration;
        if (IsTrue("OTEL_SDK_DISABLED"))
        {
            return;
        }

        (Traces, Metrics, Logs) = (IsSent("TRACES"), IsSent("METRICS"), IsSent("LOGS"));
        if (Traces || Metrics || Logs)
        {
            CheckAll();
        }
    }

    public bool Traces { get; }

    public bool Metrics { get; }

    public bool Logs { get; }

    /// <exception cref="StartupException">A variable can't be; the message says what to set.</exception>
    public static OpenTelemetrySettings From(IConfiguration configuration) => new(configuration);

    private void CheckAll()
    {
        foreach (string signal in Signals)
        {
            Check(NameFor(signal, "ENDPOINT"), IsUrl, "an address such as http://localhost:4317");
            CheckOneOf(NameFor(signal, "PROTOCOL"), Protocols);
        }

        Check(Endpoint, IsUrl, "an address such as http://localhost:4317");
        CheckOneOf("OTEL_EXPORTER_OTLP_PROTOCOL", Protocols);
        CheckOneOf(Sampler, Samplers);
        Check($"{Sampler}_ARG", IsRatio, "a number from 0 to 1, the part of the traces to keep");
    }

    /// <summary>Where an address is set, unless the signal's exporter says otherwise.</summary>
    private bool IsSent(string signal)
    {
        string name = $"OTEL_{signal}_EXPORTER";
        CheckOneOf(name, ["otlp", "none"]);
        return Find(name) is { } exporter
            ? exporter == "otlp"
            : Find(Endpoint) is not null || Find(NameFor(signal, "ENDPOINT")) is not null;
    }

    private static string NameFor(string signal, string what) => $"OTEL_EXPORTER_OTLP_{signal}_{what}";

    private string? Find(string name) => _configuration[name] is { Length: > 0 } value ? value : null;

    private bool IsTrue(string name) => string.Equals(Find(name), "true", StringComparison.OrdinalIgnoreCase);

    private void CheckOneOf(string name, string[] values) => Check(name, values.Contains, string.Join(" or ", values));

    private void Check(string name, Func<string, bool> isValid, string remedy)
    {
        if (Find(name) is { } value && !isValid(value))
        {
            throw new StartupException($"{name} is '{value}'. Set it to {remedy}.");
        }
    }

    private static bool IsUrl(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out Uri? uri) && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps);

    private static bool IsRatio(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double ratio) && ratio is >= 0 and <= 1;
}
