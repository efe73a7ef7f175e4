namespace Orders.Infrastructure.Postgres;

/// <summary>
/// Limits how long callers wait for a server that is away. Closed, the server is tried and retried. The time to retry counts from the
/// first failure, for all callers; when it is over, the circuit opens: one caller at a time tries the server (half-open), and all
/// others fail at once.
/// </summary>
internal sealed class CircuitBreaker(TimeSpan retryTime, TimeProvider time)
{
    /// <summary>When no more than this is left, a caller stops retrying.</summary>
    public static readonly TimeSpan LeastWait = TimeSpan.FromMilliseconds(100);

    private readonly Lock _lock = new();
    private volatile bool _hasFailed;
    private bool _isProbed;
    private volatile Exception? _cause;
    private long _failedAt;
    private long _lastFailedAt;

    /// <summary>How much of the time to retry is left.</summary>
    public TimeSpan Remaining
    {
        get
        {
            if (!_hasFailed)
            {
                return retryTime;
            }

            lock (_lock)
            {
                return IsSameFailure ? retryTime - time.GetElapsedTime(_failedAt) : retryTime;
            }
        }
    }

    /// <summary>
    /// The state for who only looks: it is closed again when an attempt has succeeded. Without a time to retry it is open from the first
    /// failure, though each caller tries.
    /// </summary>
    public CircuitState State
    {
        get
        {
            if (!_hasFailed)
            {
                return CircuitState.Closed;
            }

            lock (_lock)
            {
                bool isRetried = retryTime > TimeSpan.Zero && retryTime - time.GetElapsedTime(_failedAt) >= LeastWait;
                return isRetried ? CircuitState.Closed : _isProbed ? CircuitState.HalfOpen : CircuitState.Open;
            }
        }
    }

    /// <summary>The error of the last attempt.</summary>
    public Exception? Cause => _cause;

    /// <summary>
    /// The state for a new caller. One that gets <see cref="CircuitState.HalfOpen"/> must call <see cref="EndProbe"/> afterwards.
    /// </summary>
    public CircuitState Enter()
    {
        if (!_hasFailed || retryTime == TimeSpan.Zero)
        {
            return CircuitState.Closed;
        }

        lock (_lock)
        {
            if (!IsSameFailure || retryTime - time.GetElapsedTime(_failedAt) >= LeastWait)
            {
                return CircuitState.Closed;
            }

            if (_isProbed)
            {
                return CircuitState.Open;
            }

            _isProbed = true;
            return CircuitState.HalfOpen;
        }
    }

    public void EndProbe()
    {
        lock (_lock)
        {
            _isProbed = false;
        }
    }

    /// <param name="cause">The error of the attempt.</param>
    /// <param name="startedAt">When the attempt started: a silent server has been away since then.</param>
    /// <returns>The error that says most: a time-out says less than an earlier answer.</returns>
    public Exception RecordFailure(Exception cause, long startedAt)
    {
        if (retryTime == TimeSpan.Zero)
        {
            _hasFailed = true;
            return cause;
        }

        lock (_lock)
        {
            if (!IsSameFailure)
            {
                (_failedAt, _cause) = (startedAt, cause);
            }
            else if (cause is not TimeoutException)
            {
                _cause = cause;
            }

            _lastFailedAt = time.GetTimestamp();
            _hasFailed = true;
            return _cause!;
        }
    }

    public void RecordSuccess()
    {
        if (_hasFailed)
        {
            _hasFailed = false;
        }
    }

    /// <summary>After a pause without attempts it is a new failure: the server may have been there and have gone to sleep again.</summary>
    private bool IsSameFailure => _hasFailed && time.GetElapsedTime(_lastFailedAt) <= retryTime;
}

internal enum CircuitState
{
    /// <summary>The server is there, or is still retried.</summary>
    Closed,

    /// <summary>The caller alone tries whether the server is back.</summary>
    HalfOpen,

    /// <summary>The caller fails at once; another one is trying the server.</summary>
    Open,
}
