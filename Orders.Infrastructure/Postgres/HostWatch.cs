namespace Orders.Infrastructure.Postgres;

/// <summary>
/// Looks at the hosts: once in a while as long as there are requests, so that a database without any is left to sleep, and at once when
/// none will do.
/// </summary>
/// <param name="hosts">All of them.</param>
/// <param name="recheck">The time between two looks.</param>
/// <param name="time">The clock.</param>
internal sealed class HostWatch(IReadOnlyList<DatabaseHost> hosts, TimeSpan recheck, TimeProvider time)
{
    /// <summary>What is known is not relied on after this, as in a pause without requests.</summary>
    private static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(10);

    /// <summary>Between two looks, however many requests find no host.</summary>
    private static readonly TimeSpan LeastPause = TimeSpan.FromMilliseconds(100);

    private readonly Lock _lock = new();
    private Task[] _looks = [];
    private long _lookedAt;
    private bool _hasLooked;
    private volatile bool _isUsed;
    private volatile bool _isRunning;

    /// <summary>Called by each request. What is known may be relied on when this is true.</summary>
    public bool Use()
    {
        _isUsed = true;
        if (!_isRunning && Start())
        {
            using (ExecutionContext.SuppressFlow())
            {
                _ = Task.Run(RunAsync);
            }
        }

        lock (_lock)
        {
            return _hasLooked && time.GetElapsedTime(_lookedAt) < MaxAge;
        }
    }

    /// <summary>Looks at all hosts, together with others who want that, until the choice finds one.</summary>
    /// <returns>Null when all have been looked at, and none will do.</returns>
    public async Task<DatabaseHost?> LookAsync(Func<DatabaseHost?> choose, CancellationToken cancellationToken)
    {
        List<Task> looks = [.. Look()];
        while (looks.Count > 0)
        {
            looks.Remove(await Task.WhenAny(looks).WaitAsync(cancellationToken));
            if (choose() is { } host)
            {
                return host;
            }
        }

        return choose();
    }

    /// <summary>Looks at each host, unless that is being done, or has just been.</summary>
    public IReadOnlyList<Task> Look()
    {
        lock (_lock)
        {
            if (_looks.All(look => look.IsCompleted) && !(_hasLooked && time.GetElapsedTime(_lookedAt) < LeastPause))
            {
                using (ExecutionContext.SuppressFlow())
                {
                    _looks = [.. hosts.Select(host => Task.Run(host.LookAsync))];
                    _ = Task.WhenAll(_looks).ContinueWith(_ => End(), TaskScheduler.Default);
                }
            }

            return _looks;
        }
    }

    private void End()
    {
        lock (_lock)
        {
            (_hasLooked, _lookedAt) = (true, time.GetTimestamp());
        }
    }

    private bool Start()
    {
        lock (_lock)
        {
            return !_isRunning && (_isRunning = true);
        }
    }

    private async Task RunAsync()
    {
        do
        {
            _isUsed = false;
            await Task.WhenAll(Look());
            await Task.Delay(recheck, time);
        }
        while (_isUsed);
        _isRunning = false;
    }
}
