using Orders.Infrastructure.Postgres;

namespace Orders.Infrastructure.Coalescing;

/// <summary>The requests that one statement serves. Changed only under the lock of <see cref="RequestCoalescer{TKey, TResult}"/>.</summary>
/// <param name="startedAt">When the statement started, a time stamp.</param>
/// <param name="capacity">About how many requests it will hold.</param>
internal sealed class Batch<TKey, TResult>(long startedAt, int capacity) : IDisposable
    where TKey : notnull
{
    private readonly CancellationTokenSource _cancellation = new();
    private readonly Dictionary<TKey, int> _indexes = new(capacity);
    private readonly List<PendingRequest<TKey, TResult>> _newest = new(capacity);
    private int _cancelled;

    public long StartedAt => startedAt;

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
    private readonly RequestCoalescer<TKey, TResult> _coalescer;
    private readonly CancellationTokenRegistration _cancellation;

    public PendingRequest(RequestCoalescer<TKey, TResult> coalescer, TKey key, CancellationToken cancellationToken)
        : base(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        (_coalescer, Key) = (coalescer, key);
        _cancellation = cancellationToken.UnsafeRegister(
            static (request, token) => ((PendingRequest<TKey, TResult>)request!).Cancel(token), this);
    }

    public TKey Key { get; }

    /// <summary>What its caller has to be shown; null when anything will do.</summary>
    public WalPosition? Required { get; } = ConsistencyTokens.Required;

    public bool IsCancelled { get; set; }

    /// <summary>The batch it is in while its statement runs.</summary>
    public Batch<TKey, TResult>? Batch { get; set; }

    /// <summary>The request before it in the batch with the same key.</summary>
    public PendingRequest<TKey, TResult>? SameKey { get; set; }

    public void Complete(TResult result)
    {
        _cancellation.Unregister();
        TrySetResult(result);
    }

    public void Fail(Exception exception)
    {
        _cancellation.Unregister();
        TrySetException(exception);
    }

    private void Cancel(CancellationToken cancellationToken)
    {
        _coalescer.Cancel(this);
        TrySetCanceled(cancellationToken);
    }
}
