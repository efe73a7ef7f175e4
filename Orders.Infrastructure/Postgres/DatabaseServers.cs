using Orders.Application;

namespace Orders.Infrastructure.Postgres;

/// <summary>The hosts of the database, and which of them a statement goes to.</summary>
internal sealed class DatabaseServers
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly DatabaseHost[] _hosts;
    private readonly HostWatch _watch;
    private readonly ReadTarget _reads;
    private readonly ConsistencyTokens _tokens;
    private readonly ConnectionPolicy _policy;
    private readonly TimeProvider _time;
    private uint _turn;

    public DatabaseServers(ServerList list, ConsistencyTokens tokens, ConnectionPolicy policy, TimeProvider time)
    {
        (_reads, _tokens, _policy, _time) = (list.Reads, tokens, policy, time);
        _hosts =
        [
            .. list.Servers.Select(server => new DatabaseHost(server, policy, time, isReader: false)),
            .. list.Readers.Select(server => new DatabaseHost(server, policy, time, isReader: true)),
        ];
        _watch = new HostWatch(_hosts, list.Recheck, time);
        DatabaseMetrics.Observe(this);
    }

    public IReadOnlyList<DatabaseHost> Hosts => _hosts;

    /// <summary>The only host, of which nothing has to be known; null when there are several.</summary>
    public DatabaseHost? Single => _hosts.Length == 1 ? _hosts[0] : null;

    public int Count => _hosts.Length;

    /// <summary>The primary as far as it is known, else the first host.</summary>
    public DatabaseHost Main => Single ?? Primary() ?? _hosts[0];

    /// <summary>There is one, or one server alone, as far as is known.</summary>
    public bool HasPrimary => Single is not null || Primary() is not null;

    /// <summary>Reads go to standbys, so they are answered without a primary.</summary>
    public bool ReadsStandbys => _reads != ReadTarget.Primary;

    /// <summary>The host for changes, and for what has to be current.</summary>
    /// <exception cref="DatabaseUnavailableException">There is none.</exception>
    public ValueTask<DatabaseHost> FindPrimaryAsync(CancellationToken cancellationToken) =>
        _watch.Use() && Primary() is { } primary
            ? ValueTask.FromResult(primary)
            : new ValueTask<DatabaseHost>(WaitAsync(Primary, NoPrimary, cancellationToken));

    /// <summary>A host for reads.</summary>
    /// <param name="failed">One that has just failed, which is tried again only if there is no other.</param>
    /// <param name="cancellationToken">The caller's token.</param>
    /// <exception cref="DatabaseUnavailableException">There is none.</exception>
    public ValueTask<DatabaseHost> FindReaderAsync(DatabaseHost? failed, CancellationToken cancellationToken) =>
        _watch.Use() && Reader(failed) is { } reader
            ? ValueTask.FromResult(reader)
            : new ValueTask<DatabaseHost>(WaitAsync(() => Reader(failed) ?? Reader(failed: null), NoHost, cancellationToken));

    /// <summary>Something has failed that may have to do with the host's role.</summary>
    public void LookAgain() => _watch.Look();

    /// <summary>Looks at the hosts until one will do, for as long as the policy says, and once at least.</summary>
    private async Task<DatabaseHost> WaitAsync(
        Func<DatabaseHost?> choose, Func<DatabaseUnavailableException> explain, CancellationToken cancellationToken)
    {
        long startedAt = _time.GetTimestamp();
        while (true)
        {
            if (await _watch.LookAsync(choose, cancellationToken) is { } host)
            {
                return host;
            }

            if (_time.GetElapsedTime(startedAt) + Pause >= _policy.RetryTime)
            {
                throw explain();
            }

            await Task.Delay(Pause, _time, cancellationToken);
        }
    }

    /// <summary>After a split there are two for a while: the one that was promoted last has the greater timeline.</summary>
    private DatabaseHost? Primary()
    {
        DatabaseHost? primary = null;
        foreach (DatabaseHost host in _hosts)
        {
            if (host is { Role: HostRole.Primary, IsReader: false }
                && (primary is null || host.Written?.Timeline > primary.Written?.Timeline))
            {
                primary = host;
            }
        }

        if (primary?.Written is { } written)
        {
            _tokens.Promoted(written);
        }

        return primary;
    }

    private DatabaseHost? Reader(DatabaseHost? failed)
    {
        DatabaseHost? primary = Primary();
        uint turn = Interlocked.Increment(ref _turn);
        (DatabaseHost? best, int bestRank) = (null, int.MaxValue);
        for (uint index = 0; index < _hosts.Length; index++)
        {
            DatabaseHost host = _hosts[(turn + index) % _hosts.Length];
            if (host != failed && Rank(host, primary) is { } rank && rank < bestRank)
            {
                (best, bestRank) = (host, rank);
            }
        }

        return best;
    }

    /// <summary>The least is best for reads; null for one that takes none. A former primary of a split is none to read from.</summary>
    private int? Rank(DatabaseHost host, DatabaseHost? primary) => (host.Role, _reads) switch
    {
        (HostRole.Unknown or HostRole.Away, _) => null,
        (HostRole.Primary, _) when host != primary && !host.IsReader => null,
        (_, ReadTarget.Balanced) => 0,
        (_, ReadTarget.PreferStandby) => host.IsReader ? 0 : host.Role == HostRole.Standby ? 1 : 2,
        (_, ReadTarget.Primary) => host == primary ? 0 : 1,
    };

    private DatabaseUnavailableException NoPrimary() => Array.Exists(_hosts, host => host.Role == HostRole.Standby)
        ? new DatabaseUnavailableException("There is no primary at present, so the database takes no changes.", Cause()?.InnerException)
        : NoHost();

    private DatabaseUnavailableException NoHost() => Cause() is { } cause
        ? new DatabaseUnavailableException(cause.Message, cause.InnerException, cause.Hint)
        : new DatabaseUnavailableException("No server of the database can be reached.", cause: null);

    private DatabaseUnavailableException? Cause() => Array.Find(_hosts, host => host.Cause is not null)?.Cause;
}
