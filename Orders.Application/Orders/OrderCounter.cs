using System.Diagnostics.CodeAnalysis;

namespace Orders.Application.Orders;

/// <summary>
/// Counts the orders once for all who ask at the same time, and remembers the answer for as long as each asker allows.
/// </summary>
/// <remarks>
/// An answer is as old as its query's start, since that is when its snapshot was taken. An asker who wants a count that is no
/// older than now therefore can't join a query already under way, but shares the next one with everybody who waits for it:
/// however many ask, one query runs and at most one is queued. While somebody asks, the next query starts so early that its answer
/// is there when the one before it is too old, and nobody waits.
/// </remarks>
/// <param name="orders">Where the orders are counted.</param>
/// <param name="maxAge">How old a count may be when the asker does not say; zero for always fresh.</param>
/// <param name="time">The clock.</param>
public sealed class OrderCounter(IOrderRepository orders, TimeSpan maxAge, TimeProvider time)
{
    private readonly Lock _gate = new();
    private (OrderKeys Keys, long ReadAt, TimeSpan Took)? _latest;
    private Query? _running;
    private Query? _queued;

    /// <summary>How old a count may be when the asker does not say.</summary>
    public TimeSpan MaxAge => maxAge;

    /// <summary>The number of orders, at most <paramref name="acceptedAge"/> or <see cref="MaxAge"/> old, whichever is less.</summary>
    public async Task<OrderCount> CountAsync(TimeSpan? acceptedAge, CancellationToken cancellationToken)
    {
        TimeSpan accepted = Accepted(acceptedAge);
        Query query;
        lock (_gate)
        {
            if (RememberedWithin(accepted) is { } remembered)
            {
                RefreshAhead();
                return remembered;
            }

            query = _running is { Askers: > 0 } running && AgeOf(running.StartedAt) < accepted ? running : _queued ??= new Query();
            query.Askers++;
            if (_running is null)
            {
                StartQueued();
            }
        }

        try
        {
            OrderKeys keys = await query.Answer.WaitAsync(cancellationToken);
            return new OrderCount(keys, AgeOf(query.StartedAt));
        }
        finally
        {
            Leave(query);
        }
    }

    private TimeSpan Accepted(TimeSpan? acceptedAge) => acceptedAge < maxAge ? acceptedAge.Value : maxAge;

    private OrderCount? RememberedWithin(TimeSpan accepted) => _latest is { } latest && AgeOf(latest.ReadAt) is var age && age < accepted
        ? new OrderCount(latest.Keys, age)
        : null;

    /// <summary>
    /// With as much time again as the last query took. One that takes more than a quarter of the maximum age is left to the caller that needs it:
    /// the database would hardly rest.
    /// </summary>
    private void RefreshAhead()
    {
        if (_running is null && _latest is { } latest && latest.Took * 4 <= maxAge && AgeOf(latest.ReadAt) >= maxAge - (latest.Took * 2))
        {
            // Its own asker: it is not cancelled by others that leave meanwhile.
            (_queued ??= new Query()).Askers++;
            StartQueued();
        }
    }

    private TimeSpan AgeOf(long timestamp) => time.GetElapsedTime(timestamp);

    private void Leave(Query query)
    {
        lock (_gate)
        {
            if (--query.Askers > 0)
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

    /// <summary>Called under the gate, when nothing runs.</summary>
    private void StartQueued()
    {
        (_running, _queued) = (_queued, null);
        if (_running is { } query)
        {
            query.StartedAt = time.GetTimestamp();
            _ = RunAsync(query);
        }
    }

    [SuppressMessage("Design", "CA1031", Justification = "Whatever it is, it goes to those who wait for the answer.")]
    private async Task RunAsync(Query query)
    {
        // Off the asker's thread: it holds the gate.
        await Task.Yield();
        using (query)
        {
            try
            {
                OrderKeys keys = await orders.WalkKeysAsync(query.Cancelled);
                End((keys, query.StartedAt, AgeOf(query.StartedAt)));
                query.Succeed(keys);
            }
            catch (Exception exception)
            {
                End(null);
                query.Fail(exception);
            }
        }
    }

    private void End((OrderKeys Keys, long ReadAt, TimeSpan Took)? answer)
    {
        lock (_gate)
        {
            _latest = answer ?? _latest;
            StartQueued();
        }
    }

    /// <summary>One count query and those who wait for it; cancelled when the last of them leaves.</summary>
    private sealed class Query : IDisposable
    {
        private readonly TaskCompletionSource<OrderKeys> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly CancellationTokenSource _cancellation = new();

        public int Askers { get; set; }

        public long StartedAt { get; set; }

        public Task<OrderKeys> Answer => _answer.Task;

        public CancellationToken Cancelled => _cancellation.Token;

        public void Succeed(OrderKeys keys) => _answer.TrySetResult(keys);

        public void Fail(Exception exception)
        {
            _answer.TrySetException(exception);

            // Seen by those who wait. When nobody does, it is nobody's: the next one to need a count runs a query, and sees what that meets.
            _ = _answer.Task.Exception;
        }

        /// <summary>Without waiting: to cancel a statement, the driver opens a connection of its own.</summary>
        public void Cancel() => _ = _cancellation.CancelAsync();

        public void Dispose() => _cancellation.Dispose();
    }
}
