using System.Diagnostics;
using Orders.Application;
using Orders.Infrastructure.Postgres;

namespace Orders.Infrastructure.Coalescing;

/// <summary>The requests that one statement serves. Changed only under the lock of <see cref="RequestCoalescer{TKey, TResult}"/>.</summary>
/// <param name="time">The clock.</param>
/// <param name="capacity">About how many requests it will hold.</param>
internal sealed class Batch<TKey, TResult>(TimeProvider time, int capacity) : IDisposable
    where TKey : notnull
{
    private readonly CancellationTokenSource _cancellation = new();
    private readonly Dictionary<TKey, int> _indexes = new(capacity);
    private readonly List<PendingRequest<TKey, TResult>> _newest = new(capacity);
    private int _cancelled;

    /// <summary>When the statement started, a time stamp.</summary>
    public long StartedAt { get; } = time.GetTimestamp();

    /// <summary>How long the statement has run.</summary>
    public TimeSpan Elapsed => time.GetElapsedTime(StartedAt);

    /// <summary>The statement's span; the default when it has none.</summary>
    public ActivityContext Span { get; set; }

    public List<PendingRequest<TKey, TResult>> Requests { get; } = new(capacity);

    /// <summary>The distinct keys of the requests.</summary>
    public List<TKey> Keys { get; } = new(capacity);

    /// <summary>What all its requests have to be shown.</summary>
    public WalPosition? Required { get; private set; }

    /// <summary>Cancelled when every request has been.</summary>
    public CancellationToken Cancellation => _cancellation.Token;

    public bool Contains(TKey key) => _indexes.ContainsKey(key);

    /// <returns>True when its key is new in this batch.</returns>
    public bool Add(PendingRequest<TKey, TResult> request)
    {
        request.Batch = this;
        Requests.Add(request);
        Required = WalPosition.Later(Required, request.Required);
        if (_indexes.TryGetValue(request.Key, out int index))
        {
            request.SameKey = _newest[index];
            _newest[index] = request;
            return false;
        }

        _indexes.Add(request.Key, Keys.Count);
        Keys.Add(request.Key);
        _newest.Add(request);
        return true;
    }

    /// <summary>Completes every request for the key with this index.</summary>
    public void SetResult(int index, TResult result)
    {
        for (PendingRequest<TKey, TResult>? request = _newest[index]; request is not null; request = request.SameKey)
        {
            request.Complete(result);
        }
    }

    /// <summary>Fails every request for the key with this index.</summary>
    public void SetException(int index, Exception exception)
    {
        for (PendingRequest<TKey, TResult>? request = _newest[index]; request is not null; request = request.SameKey)
        {
            request.Fail(exception);
        }
    }

    public void SetException(Exception exception)
    {
        foreach (PendingRequest<TKey, TResult> request in Requests)
        {
            request.Fail(exception);
        }
    }

    /// <summary>Counts a cancelled request. Does not wait for the statement to end: the driver opens a connection to cancel it.</summary>
    public void CancelOne()
    {
        if (++_cancelled == Requests.Count)
        {
            _ = _cancellation.CancelAsync();
        }
    }

    public void Dispose() => _cancellation.Dispose();
}

/// <summary>
/// One caller that waits for the result of its key. Changed only under the lock of <see cref="RequestCoalescer{TKey, TResult}"/>.
/// </summary>
internal sealed class PendingRequest<TKey, TResult> : TaskCompletionSource<TResult>
    where TKey : notnull
{
    /// <summary>A time stamp of the system counts nanoseconds; a step is 1,024 of them.</summary>
    private const int TimeStep = 10;

    private readonly RequestCoalescer<TKey, TResult> _coalescer;
    private readonly CancellationTokenRegistration _cancellation;

    /// <summary>In some microseconds and 4 bytes, which are there beside the flag: one of these objects is made for each request.</summary>
    private readonly uint _enqueuedAt;

    public PendingRequest(RequestCoalescer<TKey, TResult> coalescer, TKey key, CancellationToken cancellationToken)
        : base(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        (_coalescer, Key, _enqueuedAt) = (coalescer, key, Shortened(coalescer.Time.GetTimestamp()));
        _cancellation = cancellationToken.UnsafeRegister(
            static (request, token) => ((PendingRequest<TKey, TResult>)request!).Cancel(token), this);
    }

    public TKey Key { get; }

    /// <summary>Of the caller's request; null when nothing traces it.</summary>
    public Activity? Caller { get; } = Activity.Current;

    /// <summary>What its caller has to be shown; null when anything will do.</summary>
    public WalPosition? Required { get; } = ConsistencyTokens.Required;

    public bool IsCancelled { get; set; }

    /// <summary>The batch it is in while its statement runs.</summary>
    public Batch<TKey, TResult>? Batch { get; set; }

    /// <summary>The request before it in the batch with the same key.</summary>
    public PendingRequest<TKey, TResult>? SameKey { get; set; }

    /// <param name="startedAt">When its statement started.</param>
    /// <returns>How long it has waited for that.</returns>
    public TimeSpan WaitUntil(long startedAt)
    {
        uint steps = unchecked(Shortened(startedAt) - _enqueuedAt);
        return _coalescer.Time.GetElapsedTime(0, (long)steps << TimeStep);
    }

    public void Complete(TResult result)
    {
        _cancellation.Unregister();
        RecordTiming();
        TrySetResult(result);
    }

    public void Fail(Exception exception)
    {
        _cancellation.Unregister();
        RecordTiming();
        TrySetException(exception);
    }

    /// <summary>It wraps around after an hour at least, which no request waits.</summary>
    private static uint Shortened(long timestamp) => unchecked((uint)(timestamp >> TimeStep));

    /// <summary>Before its caller goes on and looks at it.</summary>
    private void RecordTiming()
    {
        if (Caller is not null && Batch is { } batch)
        {
            RequestTiming.Record(Caller, WaitUntil(batch.StartedAt), batch.Elapsed, batch.Span);
        }
    }

    private void Cancel(CancellationToken cancellationToken)
    {
        _coalescer.Cancel(this);
        TrySetCanceled(cancellationToken);
    }
}
