using Npgsql;
using Orders.Application;

namespace Orders.Infrastructure.Postgres;

/// <content>
/// What runs where. Without standbys all is one server. With them, a read is asked together with how far the standby has replayed the log;
/// where that is not far enough, the primary answers.
/// </content>
internal sealed partial class DatabaseConnections
{
    /// <summary>Runs statements that may run twice: again on a new connection when theirs is stale or is cut.</summary>
    /// <exception cref="DatabaseUnavailableException">There is no connection, or the server went away.</exception>
    /// <exception cref="TimeoutException">The statement exceeded its time limit.</exception>
    public Task<T> ReadAsync<T>(Func<NpgsqlConnection, Task<T>> read, CancellationToken cancellationToken) =>
        ReadAsync(read, StatementTarget.Primary, cancellationToken);

    /// <summary>The same; from the primary, or from where reads go when the answer may be as old as a standby is.</summary>
    /// <exception cref="DatabaseUnavailableException">There is no connection, or the server went away.</exception>
    /// <exception cref="TimeoutException">The statement exceeded its time limit.</exception>
    public Task<T> ReadAsync<T>(
        Func<NpgsqlConnection, Task<T>> read, StatementTarget target, CancellationToken cancellationToken) =>
        RunAsync((_, connection) => read(connection), target, MayReadAgain, cancellationToken);

    /// <summary>Reads by one round trip what shows the changes of this instance, and those before the caller's token.</summary>
    /// <param name="ask">Adds the statements.</param>
    /// <param name="read">Reads their results.</param>
    /// <param name="cancellationToken">The caller's token.</param>
    /// <exception cref="DatabaseUnavailableException">There is no connection, or the server went away.</exception>
    /// <exception cref="TimeoutException">The statement exceeded its time limit.</exception>
    public async Task<T> ReadAsync<T>(
        Action<NpgsqlBatch> ask, Func<NpgsqlDataReader, Task<T>> read, CancellationToken cancellationToken)
    {
        StatementTarget target = _servers.Single is null && ConsistencyTokens.Required != WalPosition.Unreachable
            ? StatementTarget.Readers
            : StatementTarget.Primary;
        bool isAllEnough = ConsistencyTokens.Required is null && !_servers.HasPrimary;
        (bool isShown, T result) = await RunAsync(ReadOnAsync, target, MayReadAgain, cancellationToken);
        if (!isShown)
        {
            DatabaseMetrics.RecordPrimaryRead();
            try
            {
                (isShown, result) = await RunAsync(ReadOnAsync, StatementTarget.Primary, MayReadAgain, cancellationToken);
            }
            catch (DatabaseUnavailableException exception) when (!exception.IsConnected && ConsistencyTokens.Required is null)
            {
                isAllEnough = true;
                (isShown, result) = await RunAsync(ReadOnAsync, target, MayReadAgain, cancellationToken);
            }
        }

        return isShown ? result : throw new DatabaseUnavailableException(
            "There is no primary at present, and the standby does not show the newest changes yet.", cause: null)
        {
            IsConnected = true,
        };

        async Task<(bool IsShown, T Result)> ReadOnAsync(DatabaseHost host, NpgsqlConnection connection)
        {
            WalPosition? required = target == StatementTarget.Readers ? RequiredOf(host) : null;
            (bool isShown, bool isForgotten, T result) = await AskAsync(connection, required, isAllEnough, ask, read, cancellationToken);
            if (isForgotten)
            {
                // The first time on this connection, or after a promotion.
                await WalStatements.RememberAsync(connection, cancellationToken);
                (isShown, _, result) = await AskAsync(connection, required, isAllEnough, ask, read, cancellationToken);
            }

            return (isShown, result);
        }
    }

    /// <summary>Runs statements that must not happen twice: again only when the server says that they did not happen.</summary>
    /// <exception cref="DatabaseUnavailableException">There is no connection, or the server went away.</exception>
    /// <exception cref="TimeoutException">The statement exceeded its time limit.</exception>
    public Task<T> WriteAsync<T>(Func<NpgsqlConnection, Task<T>> write, CancellationToken cancellationToken) => RunAsync(
        async (_, connection) =>
        {
            T result = await write(connection);
            if (_servers.Single is null)
            {
                tokens.Record(await WalStatements.FindWrittenAsync(connection, cancellationToken));
            }

            return result;
        },
        StatementTarget.Primary, SqlStates.DidNotHappen, cancellationToken);

    /// <summary>
    /// Runs statements as one transaction that must not happen twice. Where a standby may be asked later, the same round trip asks where
    /// the commit is in the log.
    /// </summary>
    /// <param name="ask">Adds the statements.</param>
    /// <param name="read">Reads their results.</param>
    /// <param name="cancellationToken">The caller's token.</param>
    /// <exception cref="DatabaseUnavailableException">There is no connection, or the server went away.</exception>
    /// <exception cref="TimeoutException">The statement exceeded its time limit.</exception>
    public Task<T> WriteAsync<T>(
        Action<NpgsqlBatch> ask, Func<NpgsqlBatch, NpgsqlDataReader, Task<T>> read, CancellationToken cancellationToken) => RunAsync(
        async (host, connection) =>
        {
            await using NpgsqlBatch batch = connection.CreateBatch();
            ask(batch);
            bool hasPosition = _servers.Single is null && host.Written is not null;
            if (hasPosition)
            {
                WalStatements.AskWritten(batch);
            }

            await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellationToken);
            T result = await read(batch, reader);
            if (_servers.Single is null)
            {
                tokens.Record(hasPosition ? await WalStatements.ReadWrittenAsync(reader, cancellationToken) : null);
            }

            // To the end, where the server says that it has committed.
            while (await reader.NextResultAsync(cancellationToken))
            {
            }

            return result;
        },
        StatementTarget.Primary, SqlStates.DidNotHappen, cancellationToken);

    private static async Task<(bool IsShown, bool IsForgotten, T Result)> AskAsync<T>(
        NpgsqlConnection connection, WalPosition? required, bool isAllEnough, Action<NpgsqlBatch> ask,
        Func<NpgsqlDataReader, Task<T>> read, CancellationToken cancellationToken)
    {
        await using NpgsqlBatch batch = connection.CreateBatch();
        if (required is not null)
        {
            WalStatements.AskReplayed(batch);
        }

        ask(batch);
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellationToken);
        if (required is not null)
        {
            (bool isReached, bool isForgotten) =
                await WalStatements.ReadReplayedAsync(reader, required, isAllEnough, cancellationToken);
            if (!isReached)
            {
                return (false, isForgotten, default!);
            }

            await reader.NextResultAsync(cancellationToken);
        }

        return (true, false, await read(reader));
    }

    private static bool MayReadAgain(Exception exception) => SqlStates.EndsConnections(exception) || SqlStates.DidNotHappen(exception);

    /// <summary>
    /// What a read there has to show; null when it does so anyway: the primary has made the changes of this instance, and only a token of
    /// another one may know of a later primary.
    /// </summary>
    private WalPosition? RequiredOf(DatabaseHost host) => (ConsistencyTokens.Required, host) switch
    {
        (null, { Role: HostRole.Primary, IsReader: false }) => null,
        (null, _) => tokens.Own,
        ({ } required, _) => WalPosition.Later(required, tokens.Own),
    };
}
