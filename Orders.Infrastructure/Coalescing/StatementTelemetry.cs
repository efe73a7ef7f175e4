using System.Diagnostics;
using System.Diagnostics.Metrics;
using Orders.Application;

namespace Orders.Infrastructure.Coalescing;

/// <summary>How many requests shared a statement and how long they waited for it, and its span.</summary>
internal sealed class StatementTelemetry(string statement)
{
    /// <summary>As many as a span has by OpenTelemetry's default limit.</summary>
    private const int MaxLinks = 128;

    private static readonly Histogram<int> Sizes = OrdersTelemetry.Meter.CreateHistogram<int>(
        "orders.coalescing.batch.size", "{request}", "How many requests one statement answered.", tags: null,
        new InstrumentAdvice<int> { HistogramBucketBoundaries = [1, 2, 5, 10, 20, 50, 100, 200, 500] });

    private static readonly Histogram<double> Waits = OrdersTelemetry.Meter.CreateHistogram(
        "orders.coalescing.wait.duration", "s", "How long requests waited for the statement before their own to end.", tags: null,
        OrdersTelemetry.Seconds);

    private readonly KeyValuePair<string, object?> _name = new("orders.statement", statement);

    /// <summary>
    /// The span belongs to the trace of the first request that is traced, and links all of these; so that trace shows it, and the others
    /// link to it.
    /// </summary>
    /// <returns>Null when no request is traced.</returns>
    public Activity? Start<TKey, TResult>(Batch<TKey, TResult> batch)
        where TKey : notnull
    {
        if (Sizes.Enabled)
        {
            Sizes.Record(batch.Requests.Count, _name);
        }

        if (Waits.Enabled)
        {
            foreach (PendingRequest<TKey, TResult> request in batch.Requests)
            {
                Waits.Record(request.WaitUntil(batch.StartedAt).TotalSeconds, _name);
            }
        }

        return OrdersTelemetry.Activities.HasListeners() ? StartSpan(batch) : null;
    }

    private Activity? StartSpan<TKey, TResult>(Batch<TKey, TResult> batch)
        where TKey : notnull
    {
        ActivityContext[] traced =
        [
            .. batch.Requests.Where(request => request.Caller is { Recorded: true }).Select(request => request.Caller!.Context)
                .Take(MaxLinks),
        ];
        if (traced.Length == 0)
        {
            return null;
        }

        Activity? span = OrdersTelemetry.Activities.StartActivity(
            $"statement {statement}", ActivityKind.Internal, traced[0],
            [_name, new("orders.statement.requests", batch.Requests.Count), new("orders.statement.keys", batch.Keys.Count)],
            traced.Select(static request => new ActivityLink(request)));
        batch.Span = span?.Context ?? default;
        return span;
    }
}
