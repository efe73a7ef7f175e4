namespace Orders.Infrastructure.Postgres;

/// <summary>
/// The time for which a server is away, as all callers see it: they wait from when the first of them missed it, so that a
/// server that stays away is soon told to everybody at once, and callers that come late do not wait.
/// </summary>
internal sealed class Outage(TimeSpan patience, TimeProvider time)
{
    /// <summary>What is left and less is not waited for any longer.</summary>
    public static readonly TimeSpan LeastWait = TimeSpan.FromMilliseconds(100);

    private readonly Lock _gate = new();
    private volatile bool _isOn;
    private bool _isTried;
    private volatile Exception? _cause;
    private long _begunAt;
    private long _metAt;

    /// <summary>How long the server is waited for yet.</summary>
    public TimeSpan Left
    {
        get
        {
            if (!_isOn)
            {
                return patience;
            }

            lock (_gate)
            {
                return IsKnown ? patience - time.GetElapsedTime(_begunAt) : patience;
            }
        }
    }

    /// <summary>What the last try ended with.</summary>
    public Exception? Cause => _cause;

    /// <summary>Called by each caller that comes. One that is to try alone has to call <see cref="Leave"/> afterwards.</summary>
    public OutageEntry Enter()
    {
        if (!_isOn)
        {
            return OutageEntry.Try;
        }

        lock (_gate)
        {
            if (!IsKnown || patience - time.GetElapsedTime(_begunAt) >= LeastWait)
            {
                return OutageEntry.Try;
            }

            if (_isTried)
            {
                return OutageEntry.Refrain;
            }

            _isTried = true;
            return OutageEntry.TryAlone;
        }
    }

    /// <summary>Called when a caller that tried alone is done, however it ended.</summary>
    public void Leave()
    {
        lock (_gate)
        {
            _isTried = false;
        }
    }

    /// <summary>To be called when the server was missed.</summary>
    /// <param name="cause">What the try ended with.</param>
    /// <param name="triedAt">When it began: a server that says nothing is away from then on.</param>
    /// <returns>What tells most of it: a try that was given up says less than an earlier one that was answered.</returns>
    public Exception Meet(Exception cause, long triedAt)
    {
        if (patience == TimeSpan.Zero)
        {
            return cause;
        }

        lock (_gate)
        {
            if (!IsKnown)
            {
                (_begunAt, _cause) = (triedAt, cause);
            }
            else if (cause is not TimeoutException)
            {
                _cause = cause;
            }

            _metAt = time.GetTimestamp();
            _isOn = true;
            return _cause!;
        }
    }

    /// <summary>To be called when the server was there.</summary>
    public void End()
    {
        if (_isOn)
        {
            _isOn = false;
        }
    }

    /// <summary>When nobody has asked for a while, it is another one: the server may have been there, and have gone to sleep again.</summary>
    private bool IsKnown => _isOn && time.GetElapsedTime(_metAt) <= patience;
}
