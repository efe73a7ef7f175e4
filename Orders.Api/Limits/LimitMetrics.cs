using System.Diagnostics.Metrics;
using Orders.Application;

namespace Orders.Api.Limits;

/// <summary>What the limits refuse.</summary>
internal static class LimitMetrics
{
    /// <summary>More requests run at a time than <c>Orders:MaxConcurrentRequests</c>.</summary>
    public const string Concurrency = "concurrency";

    private static readonly Counter<long> Refused = OrdersTelemetry.Meter.CreateCounter<long>(
        "orders.requests.refused", "{request}", "Requests beyond a limit: of requests at a time (503), or of a caller's rate (429).");

    /// <param name="limit"><see cref="Concurrency"/>, or the name of a rate's policy.</param>
    public static void RecordRefused(string limit) => Refused.Add(1, new KeyValuePair<string, object?>("orders.limit", limit));
}
