using Microsoft.Extensions.Logging;

namespace Orders.Infrastructure.Orders;

/// <summary>Logs rows that can't be answered as orders, each key once in ten minutes.</summary>
internal sealed partial class UnreadableOrders(TimeProvider time, ILogger<UnreadableOrders> logger)
{
    /// <summary>A table may hold any number of them.</summary>
    private const int MaxKeys = 1000;

    private static readonly TimeSpan Period = TimeSpan.FromMinutes(10);

    private readonly Lock _lock = new();
    private readonly HashSet<long> _keys = [];
    private long _since;

    public void Report(long orderKey, Exception problem)
    {
        lock (_lock)
        {
            if (_keys.Count > 0 && time.GetElapsedTime(_since) >= Period)
            {
                _keys.Clear();
            }

            if (_keys.Count == 0)
            {
                _since = time.GetTimestamp();
            }

            if (_keys.Count >= MaxKeys || !_keys.Add(orderKey))
            {
                return;
            }
        }

        LogUnreadable(logger, orderKey, problem.Message);
    }

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "The order {OrderKey} can't be read, and is left out of pages and slices. Mend or delete its row. Cause: {Cause}")]
    private static partial void LogUnreadable(ILogger logger, long orderKey, string cause);
}
