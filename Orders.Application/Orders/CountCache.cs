using System.Diagnostics.CodeAnalysis;

namespace Orders.Application.Orders;

/// <summary>
/// Remembers the count and the key index. Callers that need a newer one share a query (single flight), and the next query starts
/// before the last result is too old, while somebody asks (refresh ahead).
/// </summary>
/// <remarks>
/// A result is as old as the start of its query, when its snapshot was taken. A caller that wants a result no older than now can't
/// join a running query, but shares the next one. So however many ask, one query runs and at most one is queued.
/// </remarks>
/// <param name="orders">The stored orders.</param>
/// <param name="maxAge">The maximum age of a count for callers that do not say; zero for always fresh.</param>
/// <param name="time">The clock.</param>
public sealed class CountCache(IOrderRepository orders, TimeSpan maxAge, TimeProvider time)
{
    private readonly Lock _lock = new();
    private (KeyIndex Index, long ReadAt, TimeSpan Took)? _latest;
    private CountQuery? _running;
    private CountQuery? _queued;

    /// <summary>The maximum age of a count for callers that do not say.</summary>
    public TimeSpan MaxAge => maxAge;

    /// <summary>The count, at most <paramref name="acceptedAge"/> or <see cref="MaxAge"/> old, whichever is less.</summary>
    public async Task<OrderCount> CountAsync(TimeSpan? acceptedAge, CancellationToken cancellationToken)
    {
        TimeSpan accepted = acceptedAge < maxAge ? acceptedAge.Value : maxAge;
        CountQuery query;
        lock (_lock)
        {
            if (_latest is { } latest && AgeOf(latest.ReadAt) is var age && age < accepted)
            {
                RefreshAhead();
                return new OrderCount(latest.Index, age);
            }

            query = _running is { Waiters: > 0 } running && AgeOf(running.StartedAt) < accepted ? running : _queued ??= new CountQuery();
            query.Waiters++;
            if (_running is null)
            {
                StartQueued();
            }
        }

        try
        {
            KeyIndex index = await query.Result.WaitAsync(cancellationToken);
            return new OrderCount(index, AgeOf(query.StartedAt));
        }
        finally
        {
            Leave(query);
        }
    }

    /// <summary>
    /// Starts the next query with twice the time left that the last one took. A query that takes more than a quarter of the maximum age
    /// is left to the caller that needs it: it would keep the database busy all the time.
    /// </summary>
    private void RefreshAhead()
    {
        if (_running is null && _latest is { } latest && latest.Took * 4 <= maxAge && AgeOf(latest.ReadAt) >= maxAge - (latest.Took * 2))
        {
            // It waits for itself, so that it is not cancelled when others stop waiting.
            (_queued ??= new CountQuery()).Waiters++;
            StartQueued();
        }
    }

    private TimeSpan AgeOf(long timestamp) => time.GetElapsedTime(timestamp);

    private void Leave(CountQuery query)
    {
        lock (_lock)
        {
            if (--query.Waiters > 0)
            {
                return;
            }

            if (query == _running)
            {
                query.Cancel();
            }
            else if (query == _queued)
            {
                _queued = null;
            }
        }
    }

    /// <summary>Called under the lock, when no query runs.</summary>
    private void StartQueued()
    {
        (_running, _queued) = (_queued, null);
        if (_running is { } query)
        {
            query.StartedAt = time.GetTimestamp();
            _ = RunAsync(query);
        }
    }

    [SuppressMessage("Design", "CA1031", Justification = "Every failure goes to the callers that wait for the result.")]
    private async Task RunAsync(CountQuery query)
    {
        // Leaves the caller's thread, which holds the lock.
        await Task.Yield();
        using (query)
        {
            try
            {
                KeyIndex index = await orders.ReadKeyIndexAsync(query.Cancellation);
                End((index, query.StartedAt, AgeOf(query.StartedAt)));
                query.SetResult(index);
            }
            catch (Exception exception)
            {
                End(null);
                query.SetException(exception);
            }
        }
    }

    private void End((KeyIndex Index, long ReadAt, TimeSpan Took)? result)
    {
        lock (_lock)
        {
            _latest = result ?? _latest;
            StartQueued();
        }
    }

    /// <summary>A query and the number of callers that wait for it; it is cancelled when the last of them leaves.</summary>
    private sealed class CountQuery : IDisposable
    {
        private readonly TaskCompletionSource<KeyIndex> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly CancellationTokenSource _cancellation = new();

        public int Waiters { get; set; }

        public long StartedAt { get; set; }

        public Task<KeyIndex> Result => _result.Task;

        public CancellationToken Cancellation => _cancellation.Token;

        public void SetResult(KeyIndex index) => _result.TrySetResult(index);

        public void SetException(Exception exception)
        {
            _result.TrySetException(exception);

            // Marks it as seen: when nobody waits, the next caller starts a query of its own and meets what that one meets.
            _ = _result.Task.Exception;
        }

        /// <summary>Does not wait: the driver opens a connection to cancel a statement.</summary>
        public void Cancel() => _ = _cancellation.CancelAsync();

        public void Dispose() => _cancellation.Dispose();
    }
}
