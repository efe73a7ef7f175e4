using System.Net.Sockets;
using Npgsql;
using Orders.Application;
using Orders.Infrastructure.Overlay;

namespace Orders.Infrastructure.Postgres;

/// <summary>
/// Runs statements so that "no connection could be had" is told apart from "the statement failed", and mends pooled connections.
/// </summary>
/// <remarks>The driver reports a time-out of both with the same exception, and a client is answered 503 for one, 504 for the other.</remarks>
internal sealed class DatabaseConnections(NpgsqlDataSource dataSource, ServerRules rules, RefusedStatements refused, TimeProvider time)
{
    private readonly ConnectionOpening _opening = new(dataSource, rules, time);

    public NpgsqlDataSource DataSource => dataSource;

    public ServerRules Rules => rules;

    public TimeProvider Time => time;

    /// <summary>So many connections are open at most.</summary>
    public int MaxPoolSize { get; } = new NpgsqlConnectionStringBuilder(dataSource.ConnectionString).MaxPoolSize;

    /// <summary>How long a connection is waited for, the pool's included.</summary>
    public TimeSpan ConnectTimeout => _opening.ConnectTimeout;

    /// <summary>Runs what may be run twice: again on a new connection when one turns out to be of no use, or is cut.</summary>
    /// <exception cref="DatabaseUnavailableException">No connection could be had.</exception>
    public Task<T> ReadAsync<T>(Func<NpgsqlConnection, Task<T>> read, CancellationToken cancellationToken) =>
        RunAsync(read, static _ => true, cancellationToken);

    /// <summary>Runs what must not happen twice: again only when the server itself says that it did not happen.</summary>
    /// <exception cref="DatabaseUnavailableException">No connection could be had.</exception>
    public Task<T> WriteAsync<T>(Func<NpgsqlConnection, Task<T>> write, CancellationToken cancellationToken) =>
        RunAsync(write, DidNotHappen, cancellationToken);

    private async Task<T> RunAsync<T>(Func<NpgsqlConnection, Task<T>> run, Func<Exception, bool> mayRepeat, CancellationToken cancellationToken)
    {
        long begunAt = time.GetTimestamp();
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                // A server that does not answer holds up the driver's own cancelling as well; the caller is not to wait for that.
                return await OpenAndRunAsync(run, attempt == 1 ? null : begunAt, cancellationToken).WaitAsync(cancellationToken);
            }
            catch (Exception exception) when (IsStale(exception))
            {
                dataSource.Clear();
                bool isWorthIt = attempt == 1 || (rules.IsPassing(exception) && time.GetElapsedTime(begunAt) < rules.Patience);
                if (!isWorthIt || !mayRepeat(exception) || cancellationToken.IsCancellationRequested)
                {
                    throw;
                }
            }

            if (attempt > 1)
            {
                await Task.Delay(ConnectionOpening.Pause(attempt), time, cancellationToken);
            }
        }
    }

    private async Task<T> OpenAndRunAsync<T>(Func<NpgsqlConnection, Task<T>> run, long? begunAt, CancellationToken cancellationToken)
    {
        await using NpgsqlConnection connection = await _opening.OpenAsync(waits: true, begunAt, cancellationToken);
        try
        {
            return await run(connection);
        }
        catch (PostgresException exception) when (IsOfSchemaOrRights(exception))
        {
            // Not back into the pool: where the server has prepared a statement and then fails to plan it, the driver takes it for
            // one without columns from then on, and chokes on its first row.
            dataSource.Clear();
            refused.Report();
            if (SyncedTableFault.Describe(exception) is { } reason)
            {
                throw new DatabaseUnavailableException(reason, exception);
            }

            throw;
        }
    }

    /// <param name="waits">Whether a server that is away is waited for as long as its rules say.</param>
    /// <param name="cancellationToken">The caller's token.</param>
    /// <exception cref="DatabaseUnavailableException">No connection could be had.</exception>
    public ValueTask<NpgsqlConnection> OpenAsync(bool waits, CancellationToken cancellationToken) =>
        _opening.OpenAsync(waits, begunAt: null, cancellationToken);

    /// <summary>
    /// With these errors the server has undone the statement, or not begun it. Those of class 08 may come from something in front of
    /// it, and the one for a crash is sent at any moment: also when a change is durable already.
    /// </summary>
    private static bool DidNotHappen(Exception exception) => exception is PostgresException
    {
        SqlState: PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.ReadOnlySqlTransaction
            or PostgresErrorCodes.FeatureNotSupported or PostgresErrorCodes.InvalidSqlStatementName,
    };

    /// <summary>Class 42 of the SQLSTATEs: a table, a column or a right is missing.</summary>
    private static bool IsOfSchemaOrRights(PostgresException exception) => exception.SqlState is ['4', '2', ..];

    /// <summary>
    /// The server has ended the connection, or the table is another than the one that statements were prepared for. After the
    /// latter, the driver's own account of prepared statements may stay wrong for as long as the connection lives.
    /// </summary>
    private static bool IsStale(Exception exception) => exception switch
    {
        PostgresException { SqlState: var state } => state is PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown
            or PostgresErrorCodes.FeatureNotSupported or PostgresErrorCodes.InvalidSqlStatementName or PostgresErrorCodes.ReadOnlySqlTransaction
            or ['0', '8', ..],
        NpgsqlException { InnerException: IOException or SocketException } => true,
        InvalidOperationException { Source: "Npgsql" } => true,
        _ => false,
    };
}
