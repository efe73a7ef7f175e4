using System.Diagnostics;
using System.Threading.RateLimiting;
using Orders.Application;
using Orders.Application.Orders;

namespace Orders.Api.Limits;

/// <summary>Bounds the memory of large pages: so many orders are read, serialized or unsent at a time, and other pages wait, the oldest first.</summary>
/// <remarks>
/// Pages of the default size are not counted: as many of them as requests may run take 50 MB. All orders whose answers wait for slow
/// readers fit in (<see cref="Http.UnsentAnswers"/>), so that these never hold up all others.
/// </remarks>
public sealed class LargePages : IAsyncDisposable
{
    /// <summary>Some 90 MB.</summary>
    private const int Orders = 256_000;

    private readonly ConcurrencyLimiter _orders = new(new ConcurrencyLimiterOptions { PermitLimit = Orders, QueueLimit = int.MaxValue });

    /// <summary>Waits until there is room for a page. The room is given back when the request has ended, and its answer is sent.</summary>
    /// <param name="context">The request.</param>
    /// <param name="pageSize">The number of orders that are asked for.</param>
    /// <exception cref="OperationCanceledException">The request's time is over, or its client has left.</exception>
    public ValueTask WaitAsync(HttpContext context, int pageSize) =>
        pageSize <= PageSize.Default ? ValueTask.CompletedTask : WaitForAsync(context, pageSize);

    public ValueTask DisposeAsync() => _orders.DisposeAsync();

    private async ValueTask WaitForAsync(HttpContext context, int orders)
    {
        long askedAt = Stopwatch.GetTimestamp();
        context.Response.RegisterForDispose(await _orders.AcquireAsync(orders, context.RequestAborted));
        RequestTiming.Record(Activity.Current, wait: Stopwatch.GetElapsedTime(askedAt), database: TimeSpan.Zero);
    }
}
