using Orders.Infrastructure.Lakebase.Workspace;

namespace Orders.Infrastructure.Lakebase.Connecting;

/// <summary>
/// Holds the current database password. A login waits only while there is no valid one and a request for one is in flight.
/// </summary>
/// <remarks>
/// Npgsql's periodic password provider renews at fixed intervals, after failures too, and can't renew for a refused login. So its other
/// provider is used, which calls this class at each login.
/// </remarks>
internal sealed class DatabaseCredentials(TimeProvider time)
{
    /// <summary>A login waits no longer for a credential, since a client waits for the login.</summary>
    private static readonly TimeSpan LoginTimeout = TimeSpan.FromSeconds(2);

    /// <summary>The least time between two renewals for refused logins: a role that does not exist is refused with any password.</summary>
    private static readonly TimeSpan BetweenForced = TimeSpan.FromSeconds(30);

    private readonly Lock _lock = new();
    private TaskCompletionSource _attempt = NewSignal();
    private volatile TaskCompletionSource _wanted = NewSignal();
    private HeldCredential? _current;
    private volatile DatabricksException? _failure;
    private bool _inFlight;
    private bool _isForced;
    private long? _forcedAt;
    private int _version;

    // The newest version that was refused, and the newest that was requested for a refusal.
    private int _refused;
    private int? _forced;

    /// <summary>Increases with each credential.</summary>
    public int Version => Volatile.Read(ref _version);

    /// <summary>How old the credential is; null while there is none.</summary>
    public TimeSpan? Age => Volatile.Read(ref _current) is { } held ? time.GetElapsedTime(held.AskedAt) : null;

    /// <summary>The error of the last renewal; null after a success, and before the first one.</summary>
    public DatabricksException? Failure => _failure;

    /// <summary>A request for a new credential is pending or in flight.</summary>
    public bool IsOnItsWay
    {
        get
        {
            lock (_lock)
            {
                return IsAskedFor();
            }
        }
    }

    /// <summary>A credential that was requested for a refused login was refused too: the cause is not the credential.</summary>
    public bool IsRefusedAnew
    {
        get
        {
            lock (_lock)
            {
                return _refused >= _forced && !IsAskedFor();
            }
        }
    }

    /// <summary>Completes when a login was refused, so that the renewal must not wait.</summary>
    public Task Wanted => _wanted.Task;

    /// <summary>Gets the password for a login.</summary>
    /// <exception cref="DatabricksException">There has not been one yet, and the workspace does not give one.</exception>
    public async ValueTask<string> GetPasswordAsync(CancellationToken cancellationToken)
    {
        Task attempt;
        lock (_lock)
        {
            // An expired password is still tried when there is no other: the server's clock decides, not this one.
            bool waits = _current is null ? _inFlight || _failure is null : _inFlight && IsOver(_current);
            if (!waits)
            {
                return Password();
            }

            attempt = _attempt.Task;
        }

        await WaitAsync(attempt, cancellationToken);
        lock (_lock)
        {
            return Password();
        }
    }

    /// <summary>Requests a new credential after a refused login.</summary>
    /// <param name="refused">The version when the login began.</param>
    /// <param name="cancellationToken">The caller's token.</param>
    /// <returns>True when there is a newer one.</returns>
    public async Task<bool> RenewAsync(int refused, CancellationToken cancellationToken)
    {
        Task attempt;
        lock (_lock)
        {
            _refused = Math.Max(_refused, refused);
            if (_version > refused)
            {
                return true;
            }

            if (!IsAskedFor())
            {
                if (_forcedAt is { } forcedAt && time.GetElapsedTime(forcedAt) < BetweenForced)
                {
                    return false;
                }

                _forcedAt = time.GetTimestamp();
                _wanted.TrySetResult();
            }

            attempt = _attempt.Task;
        }

        await WaitAsync(attempt, cancellationToken);
        lock (_lock)
        {
            return _version > refused;
        }
    }

    /// <summary>Records that a request for a credential is in flight.</summary>
    public void Begin()
    {
        lock (_lock)
        {
            _inFlight = true;
            _isForced |= _wanted.Task.IsCompleted;
            _wanted = NewSignal();
        }
    }

    /// <param name="credential">The new credential.</param>
    /// <param name="askedAt">When it was requested, a timestamp of the clock.</param>
    public void Succeed(DatabaseCredential credential, long askedAt)
    {
        lock (_lock)
        {
            _current = new HeldCredential(credential.Password, credential.Lifetime.Duration, askedAt);
            _failure = null;
            _version++;
            _forced = _isForced ? _version : _forced;
            _isForced = false;
            End();
        }
    }

    public void Fail(DatabricksException failure)
    {
        lock (_lock)
        {
            _failure = failure;
            End();
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task WaitAsync(Task attempt, CancellationToken cancellationToken)
    {
        try
        {
            await attempt.WaitAsync(LoginTimeout, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            // The login goes on with what there is.
        }
    }

    /// <summary>Called under the lock.</summary>
    private string Password() => _current?.Password.Reveal()
        ?? throw _failure
        ?? new DatabricksException(null, DatabricksException.TimedOut, "The workspace has not given a credential yet.");

    /// <summary>Called under the lock.</summary>
    private bool IsAskedFor() => _inFlight || _wanted.Task.IsCompleted;

    private bool IsOver(HeldCredential held) => time.GetElapsedTime(held.AskedAt) >= held.Lifetime;

    /// <summary>Called under the lock.</summary>
    private void End()
    {
        _inFlight = false;
        _attempt.TrySetResult();
        _attempt = NewSignal();
    }
}
