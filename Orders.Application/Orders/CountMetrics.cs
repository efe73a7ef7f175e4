using System.Diagnostics.Metrics;

namespace Orders.Application.Orders;

/// <summary>How old the count is, what it costs, and how often it is answered from memory.</summary>
internal static class CountMetrics
{
    private static readonly KeyValuePair<string, object?> FromMemory = new("orders.source", "memory");
    private static readonly KeyValuePair<string, object?> FromDatabase = new("orders.source", "database");
    private static readonly KeyValuePair<string, object?> Succeeded = new("orders.outcome", "success");
    private static readonly KeyValuePair<string, object?> Failed = new("orders.outcome", "failure");

    private static readonly Observed<CountCache> Caches = new();

    private static readonly Counter<long> Asked = OrdersTelemetry.Meter.CreateCounter<long>(
        "orders.count.requests", "{request}", "Requests that needed the count: answered from memory, or having waited for the database.");

    private static readonly Histogram<double> Duration = OrdersTelemetry.Meter.CreateHistogram(
        "orders.key_index.duration", "s", "How long counting all orders took.", tags: null, OrdersTelemetry.Seconds);

    private static readonly ObservableGauge<double> Age = OrdersTelemetry.Meter.CreateObservableGauge(
        "orders.key_index.age", static () => Latest(static count => count.Age.TotalSeconds), "s", "How old the last count is.");

    private static readonly ObservableGauge<int> Blocks = OrdersTelemetry.Meter.CreateObservableGauge(
        "orders.key_index.blocks", static () => Latest(static count => count.Index.AfterKeys.Count), "{block}",
        "The blocks of the key index.");

    private static readonly ObservableGauge<long> Orders = OrdersTelemetry.Meter.CreateObservableGauge(
        "orders.key_index.orders", static () => Latest(static count => count.Orders), "{order}", "The last count.");

    public static void Observe(CountCache cache) => Caches.Add(cache);

    public static void RecordFromMemory() => Asked.Add(1, FromMemory);

    public static void RecordFromDatabase() => Asked.Add(1, FromDatabase);

    public static void RecordRead(TimeSpan took, bool hasFailed) => Duration.Record(took.TotalSeconds, hasFailed ? Failed : Succeeded);

    private static IEnumerable<Measurement<T>> Latest<T>(Func<OrderCount, T> value)
        where T : struct =>
        Caches.All.Select(static cache => cache.Latest).OfType<OrderCount>().Select(count => new Measurement<T>(value(count)));
}
