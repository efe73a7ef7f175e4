using Npgsql;
using Orders.Application;

namespace Orders.Infrastructure.Postgres;

/// <summary>
/// Runs statements on pooled connections, repeats those that did not happen, and turns the driver's errors into the application's:
/// <see cref="DatabaseUnavailableException"/>, <see cref="TimeoutException"/>, and for all else the driver's own.
/// </summary>
internal sealed class DatabaseConnections(
    ServerDataSource dataSource, ConnectionPolicy policy, TableLocation table, TimeProvider time)
{
    /// <summary>How often a statement runs at most when others are in its way.</summary>
    private const int MaxConflicts = 10;

    private readonly ConnectionOpener _opener = new(dataSource, policy, time);

    public ServerDataSource DataSource => dataSource;

    public TimeProvider Time => time;

    /// <summary>How many connections are open at most.</summary>
    public int MaxPoolSize { get; } = new NpgsqlConnectionStringBuilder(dataSource.Current.ConnectionString).MaxPoolSize;

    /// <summary>How long to wait for a connection, waiting for the pool included.</summary>
    public TimeSpan ConnectTimeout => _opener.ConnectTimeout;

    /// <summary>Runs statements that may run twice: again on a new connection when theirs is stale or is cut.</summary>
    /// <exception cref="DatabaseUnavailableException">There is no connection, or the server went away.</exception>
    /// <exception cref="TimeoutException">The statement exceeded its time limit.</exception>
    public Task<T> ReadAsync<T>(Func<NpgsqlConnection, Task<T>> read, CancellationToken cancellationToken) =>
        RunAsync(read, static exception => SqlStates.EndsConnections(exception) || SqlStates.DidNotHappen(exception), cancellationToken);

    /// <summary>Runs statements that must not happen twice: again only when the server says that they did not happen.</summary>
    /// <exception cref="DatabaseUnavailableException">There is no connection, or the server went away.</exception>
    /// <exception cref="TimeoutException">The statement exceeded its time limit.</exception>
    public Task<T> WriteAsync<T>(Func<NpgsqlConnection, Task<T>> write, CancellationToken cancellationToken) =>
        RunAsync(write, SqlStates.DidNotHappen, cancellationToken);

    /// <param name="retries">Whether to retry a server that is away for as long as the policy says.</param>
    /// <param name="cancellationToken">The caller's token.</param>
    /// <exception cref="DatabaseUnavailableException">There is no connection.</exception>
    public ValueTask<NpgsqlConnection> OpenAsync(bool retries, CancellationToken cancellationToken) =>
        _opener.OpenAsync(retries, startedAt: null, cancellationToken);

    private async Task<T> RunAsync<T>(
        Func<NpgsqlConnection, Task<T>> run, Func<Exception, bool> mayRepeat, CancellationToken cancellationToken)
    {
        long startedAt = time.GetTimestamp();
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                // A silent server holds up the driver's own cancelling too; the caller does not wait for that.
                return await OpenAndRunAsync(run, attempt == 1 ? null : startedAt, cancellationToken).WaitAsync(cancellationToken);
            }
            catch (Exception exception) when (exception is NpgsqlException || SqlStates.EndsConnections(exception))
            {
                if (SqlStates.IsOfPooler(exception))
                {
                    dataSource.StopPreparing();
                }
                else if (SqlStates.EndsConnections(exception))
                {
                    dataSource.Current.Clear();
                }

                bool hasAttempt = attempt == 1
                    || (SqlStates.IsConflict(exception) && attempt < MaxConflicts)
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

            if (attempt > 1)
            {
                // At random, so that statements in each other's way get out of it.
                await Task.Delay(ConnectionOpener.Pause(attempt) * Random.Shared.NextDouble(), time, cancellationToken);
            }
        }
    }

    private async Task<T> OpenAndRunAsync<T>(Func<NpgsqlConnection, Task<T>> run, long? startedAt, CancellationToken cancellationToken)
    {
        await using NpgsqlConnection connection = await _opener.OpenAsync(retries: true, startedAt, cancellationToken);
        try
        {
            return await run(connection);
        }
        catch (PostgresException exception) when (SqlStates.KindOf(exception) is ErrorKind.WrongTable or ErrorKind.NotAllowed)
        {
            // Not back into the pool: when the server can't plan a statement that it has prepared, the driver takes it for one without
            // columns from then on, and fails on its first row.
            dataSource.Current.Clear();
            throw;
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
