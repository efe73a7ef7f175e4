using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;

namespace Orders.Application.Orders;

/// <summary>
/// Remembers the count and the key index. One query runs at a time, for all who ask (single flight), in the background. A table that
/// is counted quickly is counted again whenever the last result is too old. On others nobody waits: callers get the last result, and
/// the next query starts so late that counting takes a twentieth of the time at most.
/// </summary>
/// <remarks>
/// A result is as old as the start of its query, when its snapshot was taken. A caller that wants a result no older than now can't
/// join a running query, but shares the next one. So however many ask, one query runs and at most one is queued.
/// </remarks>
public sealed class CountCache : IDisposable
{
    /// <summary>How long a page waits for the first count.</summary>
    private static readonly TimeSpan PageWait = TimeSpan.FromSeconds(1);

    private readonly IOrderRepository _orders;
    private readonly TimeProvider _time;
    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _stopping = new();
    private volatile Count? _latest;
    private CountQuery? _running;
    private CountQuery? _queued;

    /// <param name="orders">The stored orders.</param>
    /// <param name="maxAge">
    /// The maximum age of a count on a table that is counted quickly, for callers that do not say; zero for always fresh.
    /// </param>
    /// <param name="time">The clock.</param>
    public CountCache(IOrderRepository orders, TimeSpan maxAge, TimeProvider time)
    {
        (_orders, MaxAge, _time) = (orders, maxAge, time);
        CountMetrics.Observe(this);
    }

    /// <summary>The maximum age of a count on a table that is counted quickly, for callers that do not say.</summary>
    public TimeSpan MaxAge { get; }

    /// <summary>The last count; null before the first.</summary>
    public OrderCount? Latest => _latest is { } latest ? new OrderCount(latest.Index, AgeOf(latest.ReadAt)) : null;

    /// <summary>The count. Callers wait for the first one, and for a fresh one when they ask for it.</summary>
    /// <param name="acceptedAge">How old the count may be at most; null, or more than <see cref="MaxAge"/>, to take what is usual.</param>
    /// <param name="cancellationToken">The caller's token.</param>
    /// <exception cref="CountNotReadyException">The token was cancelled before there was any count.</exception>
    public async Task<OrderCount> CountAsync(TimeSpan? acceptedAge, CancellationToken cancellationToken)
    {
        if (Find(acceptedAge, out CountQuery query) is { } found)
        {
            CountMetrics.RecordFromMemory();
            return found;
        }

        CountMetrics.RecordFromDatabase();

        try
        {
            long waitsSince = _time.GetTimestamp();
            Count count = await query.Result.WaitAsync(cancellationToken);
            RequestTiming.Record(Activity.Current, wait: AgeOf(waitsSince), database: TimeSpan.Zero);
            return new OrderCount(count.Index, AgeOf(count.ReadAt));
        }
        catch (OperationCanceledException) when (_latest is null)
        {
            throw new CountNotReadyException();
        }
    }

    /// <summary>The count for a page: the first one is waited for no longer than a second.</summary>
    /// <returns>Null when there is no count yet.</returns>
    /// <inheritdoc cref="CountAsync"/>
    [SuppressMessage("Design", "CA1031", Justification = "A page is right without totals; its own statement meets what ails the database.")]
    public async Task<OrderCount?> CountForPageAsync(TimeSpan? acceptedAge, CancellationToken cancellationToken)
    {
        if (_latest is not null || acceptedAge == TimeSpan.Zero)
        {
            return await CountAsync(acceptedAge, cancellationToken);
        }

        try
        {
            return await CountAsync(acceptedAge, cancellationToken).WaitAsync(PageWait, _time, cancellationToken);
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }

    /// <summary>Ends a running query.</summary>
    public void Dispose()
    {
        if (!_stopping.IsCancellationRequested)
        {
            _stopping.Cancel();
            _stopping.Dispose();
        }
    }

    /// <returns>The count if the last one will do; else null, and <paramref name="query"/> is the one to wait for.</returns>
    private OrderCount? Find(TimeSpan? acceptedAge, out CountQuery query)
    {
        query = null!;
        lock (_lock)
        {
            bool isStrict = MaxAge == TimeSpan.Zero || acceptedAge < MaxAge;
            TimeSpan accepted = acceptedAge < MaxAge ? acceptedAge.Value : MaxAge;
            if (_latest is { } latest && AgeOf(latest.ReadAt) is var age)
            {
                if (age < accepted || (!isStrict && latest.Rest > MaxAge))
                {
                    RefreshAhead(latest, age);
                    return new OrderCount(latest.Index, age);
                }
            }

            bool canJoin = _running is { } running && (!isStrict || AgeOf(running.StartedAt) < accepted);
            query = canJoin ? _running! : _queued ??= new CountQuery();
            if (_running is null)
            {
                StartQueued();
            }

            return null;
        }
    }

    /// <summary>Starts the next query so that it ends before the last result is too old, but not too soon.</summary>
    private void RefreshAhead(Count latest, TimeSpan age)
    {
        if (_running is null && AgeOf(latest.TriedAt) >= latest.Rest && age >= MaxAge - (latest.Took * 2))
        {
            _queued ??= new CountQuery();
            StartQueued();
        }
    }

    private TimeSpan AgeOf(long timestamp) => _time.GetElapsedTime(timestamp);

    /// <summary>Called under the lock, when no query runs.</summary>
    private void StartQueued()
    {
        (_running, _queued) = (_queued, null);
        if (_running is { } query)
        {
            query.StartedAt = _time.GetTimestamp();
            using (ExecutionContext.SuppressFlow())
            {
                _ = Task.Run(() => RunAsync(query));
            }
        }
    }

    [SuppressMessage("Design", "CA1031", Justification = "Every failure goes to the callers that wait for the result.")]
    private async Task RunAsync(CountQuery query)
    {
        try
        {
            KeyIndex index = await _orders.ReadKeyIndexAsync(_latest?.Index, _stopping.Token);
            var count = new Count(index, query.StartedAt, query.StartedAt, AgeOf(query.StartedAt));
            End(count);
            CountMetrics.RecordRead(count.Took, hasFailed: false);
            query.SetResult(count);
        }
        catch (Exception exception)
        {
            // The last result stays. A query that fails late is not repeated more often than one that succeeds.
            TimeSpan took = AgeOf(query.StartedAt);
            CountMetrics.RecordRead(took, hasFailed: true);
            End(_latest is { } latest ? latest with { TriedAt = query.StartedAt, Took = took > latest.Took ? took : latest.Took } : null);
            query.SetException(exception);
        }
    }

    private void End(Count? result)
    {
        lock (_lock)
        {
            _latest = result;
            StartQueued();
        }
    }
}
