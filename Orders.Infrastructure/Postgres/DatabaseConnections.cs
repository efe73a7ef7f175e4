using Npgsql;
using Orders.Application;

namespace Orders.Infrastructure.Postgres;

/// <summary>
/// Runs statements on pooled connections of the server that they are for, repeats those that did not happen, and turns the driver's errors
/// into the application's: <see cref="DatabaseUnavailableException"/>, <see cref="TimeoutException"/>, and for all else the driver's own.
/// </summary>
internal sealed partial class DatabaseConnections(
    ServerList list, ConnectionPolicy policy, TableLocation table, ConsistencyTokens tokens, TimeProvider time)
{
    /// <summary>How often a statement runs at most when others are in its way.</summary>
    private const int MaxConflicts = 10;

    private readonly DatabaseServers _servers = new(list, tokens, policy, time);

    /// <summary>Of the primary.</summary>
    public ServerDataSource DataSource => _servers.Main.DataSource;

    public TimeProvider Time => time;

    /// <summary>How many connections to one server are open at most.</summary>
    public int MaxPoolSize { get; } = new NpgsqlConnectionStringBuilder(list.Servers[0].Current.ConnectionString).MaxPoolSize;

    /// <summary>How long to wait for a connection, waiting for the pool included.</summary>
    public TimeSpan ConnectTimeout => _servers.Main.Opener.ConnectTimeout;

    /// <summary>Connects to the primary.</summary>
    /// <param name="retries">Whether to retry a server that is away for as long as the policy says.</param>
    /// <param name="cancellationToken">The caller's token.</param>
    /// <exception cref="DatabaseUnavailableException">There is no connection.</exception>
    public async ValueTask<NpgsqlConnection> OpenAsync(bool retries, CancellationToken cancellationToken) => _servers.Single is { } single
        ? await single.Opener.OpenAsync(retries, startedAt: null, cancellationToken)
        : (await ConnectAsync(StatementTarget.Primary, failed: null, startedAt: null, cancellationToken)).Connection;

    /// <summary>Connects to where reads go.</summary>
    /// <exception cref="DatabaseUnavailableException">There is no connection.</exception>
    public async ValueTask<NpgsqlConnection> OpenReaderAsync(CancellationToken cancellationToken) =>
        (await ConnectAsync(StatementTarget.Readers, failed: null, startedAt: null, cancellationToken)).Connection;

    /// <summary>There may be standbys, which answer reads while there is no primary.</summary>
    public bool HasSeveralServers => _servers.Single is null;

    /// <summary>Reads go to standbys, so that they do not need the primary.</summary>
    public bool ReadsStandbys => _servers.ReadsStandbys;

    private async Task<T> RunAsync<T>(
        Func<DatabaseHost, NpgsqlConnection, Task<T>> run, StatementTarget target, Func<Exception, bool> mayRepeat,
        CancellationToken cancellationToken)
    {
        long startedAt = time.GetTimestamp();
        DatabaseHost? host = null;
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                (host, NpgsqlConnection connection) =
                    await ConnectAsync(target, failed: host, attempt == 1 ? null : startedAt, cancellationToken);
                return await RunOnAsync(host, connection, run, target, cancellationToken);
            }
            catch (Exception exception) when (exception is NpgsqlException || SqlStates.EndsConnections(exception))
            {
                bool hasAttempt = attempt == 1
                    || (SqlStates.IsConflict(exception) && attempt < MaxConflicts)

                    // It was no primary any more, which takes nothing from those that are asked next.
                    || (SqlStates.IsReadOnly(exception) && attempt <= _servers.Count)
                    || (policy.IsTransient(exception) && time.GetElapsedTime(startedAt) < policy.RetryTime);
                if (!hasAttempt || !mayRepeat(exception) || cancellationToken.IsCancellationRequested)
                {
                    if (Translate(exception) is { } translated)
                    {
                        throw translated;
                    }

                    throw;
                }
            }
            catch (DatabaseUnavailableException exception) when (exception.InnerException is HostLostException && attempt == 1)
            {
                // The host of a read went away: another one answers it.
            }

            if (attempt > 1)
            {
                // At random, so that statements in each other's way get out of it.
                await Task.Delay(ConnectionOpener.Pause(attempt) * Random.Shared.NextDouble(), time, cancellationToken);
            }
        }
    }

    /// <summary>Connects to a host for these statements, and when there is no connection to one, to another.</summary>
    private async ValueTask<(DatabaseHost Host, NpgsqlConnection Connection)> ConnectAsync(
        StatementTarget target, DatabaseHost? failed, long? startedAt, CancellationToken cancellationToken)
    {
        if (_servers.Single is { } single)
        {
            return (single, await single.Opener.OpenAsync(retries: true, startedAt, cancellationToken));
        }

        for (int tried = 1; ; tried++)
        {
            DatabaseHost host = target == StatementTarget.Primary
                ? await _servers.FindPrimaryAsync(cancellationToken)
                : await _servers.FindReaderAsync(failed, cancellationToken);
            try
            {
                return (host, await host.Opener.OpenAsync(retries: false, startedAt: null, cancellationToken));
            }
            catch (DatabaseUnavailableException exception) when (!ConnectionPolicy.IsPoolExhausted(exception.InnerException))
            {
                host.RecordFailure(exception);
                _servers.LookAgain();
                if (tried > _servers.Count)
                {
                    throw;
                }

                failed = host;
            }
        }
    }

    private async Task<T> RunOnAsync<T>(
        DatabaseHost host, NpgsqlConnection opened, Func<DatabaseHost, NpgsqlConnection, Task<T>> run, StatementTarget target,
        CancellationToken cancellationToken)
    {
        // A silent server holds up the driver's own cancelling too; the caller does not wait for that.
        Task<T> running = RunAndCloseAsync(host, opened, run);
        T result = await (target == StatementTarget.Primary || _servers.Single is not null ? running : host.UntilAwayAsync(running))
            .WaitAsync(cancellationToken);
        host.RecordAnswer();
        return result;
    }

    private async Task<T> RunAndCloseAsync<T>(
        DatabaseHost host, NpgsqlConnection opened, Func<DatabaseHost, NpgsqlConnection, Task<T>> run)
    {
        await using NpgsqlConnection connection = opened;
        try
        {
            return await run(host, connection);
        }
        catch (Exception exception) when (SqlStates.IsOfPooler(exception))
        {
            host.DataSource.StopPreparing();
            throw;
        }
        catch (Exception exception) when (SqlStates.EndsConnections(exception))
        {
            host.DataSource.Current.Clear();
            Suspect(host, exception);
            throw;
        }
        catch (PostgresException exception) when (SqlStates.KindOf(exception) is ErrorKind.WrongTable or ErrorKind.NotAllowed)
        {
            // Not back into the pool: when the server can't plan a statement that it has prepared, the driver takes it for one without
            // columns from then on, and fails on its first row.
            host.DataSource.Current.Clear();
            throw;
        }
    }

    private void Suspect(DatabaseHost host, Exception exception)
    {
        if (_servers.Single is null)
        {
            if (SqlStates.IsReadOnly(exception))
            {
                host.RecordReadOnly();
            }

            _servers.LookAgain();
        }
    }

    /// <summary>The application's exception for an error of the driver; null when that error goes on as it is.</summary>
    private Exception? Translate(Exception exception) => SqlStates.KindOf(exception) switch
    {
        ErrorKind.ServerAway => Unavailable(
            SqlStates.IsReadOnly(exception)
                ? "The database takes no changes at present: it is read-only."
                : "The database went away while it answered.", exception),
        ErrorKind.TryAgain => Unavailable("The database could not run the statement beside others at this moment.", exception),
        ErrorKind.TookTooLong => new TimeoutException("The statement exceeded its time limit.", exception),
        ErrorKind.WrongTable when table.Explain(exception) is { } sentence => Unavailable(sentence, exception),
        _ => null,
    };

    private static DatabaseUnavailableException Unavailable(string reason, Exception cause) => new(reason, cause) { IsConnected = true };
}

/// <summary>Which server statements are for.</summary>
internal enum StatementTarget
{
    Primary,
    Readers,
}
