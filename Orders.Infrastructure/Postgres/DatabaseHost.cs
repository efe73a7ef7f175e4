using Npgsql;
using Orders.Application;

namespace Orders.Infrastructure.Postgres;

/// <summary>What a host was when it was looked at last.</summary>
internal enum HostRole
{
    Unknown,

    /// <summary>It takes changes.</summary>
    Primary,

    /// <summary>It takes reads alone: a standby, or a server that is set to be read-only.</summary>
    Standby,

    /// <summary>It does not answer. Its circuit is open: nobody but the next look tries it.</summary>
    Away,
}

/// <summary>An address of the database, with its own pool, and what is known of the server there.</summary>
internal sealed class DatabaseHost(ServerDataSource dataSource, ConnectionPolicy policy, TimeProvider time, bool isReader)
{
    /// <summary>How long a host may take to answer a look.</summary>
    public static readonly TimeSpan LookTimeout = TimeSpan.FromSeconds(1);

    private const string RoleStatement =
        "select pg_is_in_recovery() or current_setting('transaction_read_only')::boolean as is_read_only";

    private volatile TaskCompletionSource _away = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile HostRole _role;
    private long _answeredAt;

    public ServerDataSource DataSource => dataSource;

    public ConnectionOpener Opener { get; } = new(dataSource, policy, time);

    /// <summary>It is one of ConnectionStrings:OrdersReads.</summary>
    public bool IsReader => isReader;

    public HostRole Role => _role;

    /// <summary>Of several hosts each look is an attempt, and one that is away is left alone between them.</summary>
    public CircuitState Circuit => _role == HostRole.Away ? CircuitState.Open : Opener.Circuit;

    /// <summary>How far the standby had replayed the log when it was looked at; null when it does not tell.</summary>
    public ulong? Replayed { get; private set; }

    /// <summary>Where the primary was in its log when it was looked at; null when it does not tell.</summary>
    public WalPosition? Written { get; private set; }

    /// <summary>Why there is no connection; null when there has been one.</summary>
    public DatabaseUnavailableException? Cause { get; private set; }

    /// <summary>Statements and looks that ended well. A host that answers these is not away, however late it answers others.</summary>
    public void RecordAnswer() => Volatile.Write(ref _answeredAt, time.GetTimestamp());

    /// <summary>It has refused a change, being no primary.</summary>
    public void RecordReadOnly() => _role = HostRole.Standby;

    /// <summary>There was no connection to it.</summary>
    public void RecordFailure(DatabaseUnavailableException cause)
    {
        Cause = cause;
        _role = HostRole.Away;
        _away.TrySetResult();
    }

    /// <summary>Looks what the server is.</summary>
    public async Task LookAsync()
    {
        long startedAt = time.GetTimestamp();
        Task<HostRole> asking = AskAsync();
        try
        {
            HostRole role = await asking.WaitAsync(LookTimeout, time);
            RecordAnswer();
            if (_role == HostRole.Away)
            {
                _away = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }

            (Cause, _role) = (null, role);
        }
        catch (Exception exception) when (exception is DatabaseUnavailableException or NpgsqlException or TimeoutException)
        {
            // Marks what is left behind as seen.
            _ = asking.ContinueWith(static task => task.Exception, TaskScheduler.Default);

            // One that is busy, or whose pool is, has answered others meanwhile.
            if (Volatile.Read(ref _answeredAt) < startedAt && !ConnectionPolicy.IsPoolExhausted(exception.InnerException))
            {
                RecordFailure(exception as DatabaseUnavailableException ?? policy.Unavailable(exception));
            }
        }
    }

    /// <summary>Waits for a read no longer than the host is there.</summary>
    /// <exception cref="DatabaseUnavailableException">The host went away; the read may be run elsewhere.</exception>
    public async Task<T> UntilAwayAsync<T>(Task<T> read)
    {
        Task away = _away.Task;
        if (await Task.WhenAny(read, away) == read || read.IsCompleted)
        {
            return await read;
        }

        _ = read.ContinueWith(static task => task.Exception, TaskScheduler.Default);
        throw new DatabaseUnavailableException("The database went away while it answered.", new HostLostException()) { IsConnected = true };
    }

    private async Task<HostRole> AskAsync()
    {
        await using NpgsqlConnection connection = await Opener.OpenAsync(retries: false, startedAt: null, CancellationToken.None);
        bool isReadOnly = false;
        try
        {
            await using var command = new NpgsqlCommand(RoleStatement, connection) { CommandTimeout = 2 };
            isReadOnly = (bool)(await command.ExecuteScalarAsync())!;
        }
        catch (PostgresException exception) when (SqlStates.KindOf(exception) is not (ErrorKind.ServerAway or ErrorKind.TookTooLong))
        {
            // Another engine. Changes will tell whether it takes them.
        }

        Replayed = isReadOnly ? await WalStatements.FindReplayedAsync(connection, CancellationToken.None) : null;
        if (!isReadOnly)
        {
            Written = await WalStatements.FindWrittenAsync(connection, CancellationToken.None);
        }

        return isReadOnly ? HostRole.Standby : HostRole.Primary;
    }
}

/// <summary>A host stopped answering while a read ran there.</summary>
internal sealed class HostLostException() : Exception("The host has stopped answering.");
