using Orders.Infrastructure.Lakebase.Workspace;

namespace Orders.Infrastructure.Lakebase.Connecting;

/// <summary>
/// The current database password. A login takes what there is; it waits only while there is none, or none that lasts, and a request
/// for one is under way.
/// </summary>
/// <remarks>
/// Npgsql's periodic provider renews at fixed intervals, forever the same after a failure, and can't be onProgress that a login was
/// refused; so its other provider is used, which asks here at each login.
/// </remarks>
internal sealed class DatabaseCredentials(TimeProvider time)
{
    /// <summary>How long a login waits for a credential. Its caller has to be answered.</summary>
    private static readonly TimeSpan LoginTimeout = TimeSpan.FromSeconds(2);

    /// <summary>Between two renewals that a refused login asks for: a role that does not exist is refused with any.</summary>
    private static readonly TimeSpan BetweenForced = TimeSpan.FromSeconds(30);

    private readonly Lock _gate = new();
    private TaskCompletionSource _attempt = NewSignal();
    private volatile TaskCompletionSource _wanted = NewSignal();
    private Held? _current;
    private volatile DatabricksException? _failure;
    private bool _inFlight;
    private bool _isForced;
    private long? _forcedAt;
    private int _version;

    // The newest version that was refused, and the newest that was asked for because of that.
    private int _refused;
    private int? _forced;

    /// <summary>Goes up with each credential.</summary>
    public int Version => Volatile.Read(ref _version);

    /// <summary>Why the last renewal failed; null when it succeeded, or there has been none.</summary>
    public DatabricksException? Failure => _failure;

    /// <summary>Whether another one is being asked for.</summary>
    public bool IsOnItsWay
    {
        get
        {
            lock (_gate)
            {
                return IsAskedFor();
            }
        }
    }

    /// <summary>Whether one that was asked for because of a refused login was refused as well: then it is not the credential's fault.</summary>
    public bool IsRefusedAnew
    {
        get
        {
            lock (_gate)
            {
                return _refused >= _forced && !IsAskedFor();
            }
        }
    }

    /// <summary>Done when a renewal can't wait: a login was refused.</summary>
    public Task Wanted => _wanted.Task;

    /// <summary>The password for a login.</summary>
    /// <exception cref="DatabricksException">There has not been one yet, and the workspace does not give one.</exception>
    public async ValueTask<string> GetPasswordAsync(CancellationToken cancellationToken)
    {
        Task attempt;
        lock (_gate)
        {
            // Past its end it is tried all the same while no other is to be had: the server's clock decides, not this one.
            bool waits = _current is null ? _inFlight || _failure is null : _inFlight && IsOver(_current);
            if (!waits)
            {
                return Password();
            }

            attempt = _attempt.Task;
        }

        await WaitAsync(attempt, cancellationToken);
        lock (_gate)
        {
            return Password();
        }
    }

    /// <summary>To be called when a login was refused.</summary>
    /// <param name="refused">The version when it began.</param>
    /// <param name="cancellationToken">The caller's token.</param>
    /// <returns>Whether there is a newer one.</returns>
    public async Task<bool> RenewAsync(int refused, CancellationToken cancellationToken)
    {
        Task attempt;
        lock (_gate)
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
        lock (_gate)
        {
            return _version > refused;
        }
    }

    /// <summary>A request for a credential is under way.</summary>
    public void Begin()
    {
        lock (_gate)
        {
            _inFlight = true;
            _isForced |= _wanted.Task.IsCompleted;
            _wanted = NewSignal();
        }
    }

    /// <param name="credential">What was issued.</param>
    /// <param name="askedAt">A timestamp of the clock.</param>
    public void Succeed(DatabaseCredential credential, long askedAt)
    {
        lock (_gate)
        {
            _current = new Held(credential.Password, credential.Lifetime.Duration, askedAt);
            _failure = null;
            _version++;
            _forced = _isForced ? _version : _forced;
            _isForced = false;
            End();
        }
    }

    public void Fail(DatabricksException failure)
    {
        lock (_gate)
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
            // What there is by then has to do.
        }
    }

    /// <summary>Called under the gate.</summary>
    private string Password() => _current?.Password.Reveal()
        ?? throw _failure
        ?? new DatabricksException(null, DatabricksException.TimedOut, "The workspace has not given a credential yet.");

    /// <summary>Called under the gate.</summary>
    private bool IsAskedFor() => _inFlight || _wanted.Task.IsCompleted;

    private bool IsOver(Held held) => time.GetElapsedTime(held.AskedAt) >= held.Lifetime;

    /// <summary>Called under the gate.</summary>
    private void End()
    {
        _inFlight = false;
        _attempt.TrySetResult();
        _attempt = NewSignal();
    }

    /// <param name="Password">The password.</param>
    /// <param name="Lifetime">From when it was asked for.</param>
    /// <param name="AskedAt">By the monotonic clock, which nobody sets.</param>
    private sealed record Held(Secret Password, TimeSpan Lifetime, long AskedAt);
}
