using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Orders.Application;

/// <summary>What makes the service's own instruments and spans. They stand with what they tell of.</summary>
public static class OrdersTelemetry
{
    /// <summary>The name of both, for whoever listens.</summary>
    public const string Name = "Orders";

    public static Meter Meter { get; } = new(Name);

    public static ActivitySource Activities { get; } = new(Name);

    /// <summary>For durations of statements: the boundaries of the convention for database operations, in seconds.</summary>
    public static InstrumentAdvice<double> Seconds { get; } = new()
    {
        HistogramBucketBoundaries = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10],
    };
}
