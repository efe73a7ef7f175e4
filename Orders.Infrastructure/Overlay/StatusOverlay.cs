using Dapper;
using Npgsql;
using Orders.Application;
using Orders.Application.Overlay;
using Orders.Infrastructure.Postgres;

namespace Orders.Infrastructure.Overlay;

/// <summary>Manages the overlay in the connected database, whatever <c>Orders:StatusChanges</c> is.</summary>
internal sealed class StatusOverlay(DatabaseConnections database, StatusChangeOptions options, OverlayCatalog catalog) : IStatusOverlay
{
    // "overlay" in ASCII. Any number would do that all installations use.
    private const long AdvisoryLock = 0x6f7665726c6179;

    private readonly OverlayScript _script = new(options);
    private readonly string _schema = QualifiedName.Quote(options.OverlaySchema);

    public Task<OverlayPlan> PlanInstallAsync(CancellationToken cancellationToken) => WithConnectionAsync(
        async connection =>
        {
            OverlayState state = await catalog.ReadAsync(connection, cancellationToken);
            RequireFree(OverlayScript.View, state.ViewKind, "v");
            RequireFree(OverlayScript.Changes, state.ChangesKind, "r");
            List<string> remarks = [];
            if (state.IsInstalled)
            {
                remarks.Add("The overlay is installed. Running this again updates its functions and its view; grants and changes stay.");
            }
            else if (state.ChangesKind is not null)
            {
                remarks.Add("The changes recorded earlier are used again.");
            }

            if (!state.HasSyncedTable)
            {
                remarks.Add(
                    $"The synced table {options.SyncedTable} does not exist yet. Reads will work as soon as it does. " +
                    "If the table has another name, set Orders:SyncedTable.");
            }

            string sql = _script.Install(createSchema: !state.HasSchema, replaceSource: state.HasOtherSource);
            return new OverlayPlan { Sql = sql, Remarks = remarks };
        },
        cancellationToken);

    public Task<OverlayPlan?> PlanRemovalAsync(RecordedChanges changes, CancellationToken cancellationToken) => WithConnectionAsync(
        async connection =>
        {
            OverlayState state = await catalog.ReadAsync(connection, cancellationToken);
            long recorded = (await CountAsync(connection, state, cancellationToken))?.Changes ?? 0;
            return (state, changes) switch
            {
                ({ ViewKind: null, ChangesKind: null }, _) or ({ ViewKind: null }, RecordedChanges.Keep) => null,
                (_, RecordedChanges.MustBeNone) when recorded > 0 => throw new StartupException(
                    $"{recorded} changes of status are recorded in {_schema}.{OverlayScript.Changes}. " +
                    "Give --keep-changes to keep that table, or --discard-changes to drop it."),
                ({ ChangesKind: null }, _) => new OverlayPlan { Sql = _script.Remove(RecordedChanges.Keep), Remarks = [] },
                _ => new OverlayPlan { Sql = _script.Remove(changes), Remarks = RemovalRemarks(changes, recorded) },
            };
        },
        cancellationToken);

    public Task RunAsync(OverlayPlan plan, CancellationToken cancellationToken) => WithConnectionAsync(
        async connection =>
        {
            const string lockSql = "select pg_advisory_xact_lock(@AdvisoryLock)";

            await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellationToken);
            await connection.ExecuteAsync(
                new CommandDefinition(lockSql, new { AdvisoryLock }, transaction, cancellationToken: cancellationToken));
            await connection.ExecuteAsync(new CommandDefinition(plan.Sql, transaction: transaction, cancellationToken: cancellationToken));
            await transaction.CommitAsync(cancellationToken);
            return plan;
        },
        cancellationToken);

    public Task<OverlayStatus> DescribeAsync(CancellationToken cancellationToken) => WithConnectionAsync(
        async connection =>
        {
            OverlayState state = await catalog.ReadAsync(connection, cancellationToken);
            return new OverlayStatus
            {
                View = $"{_schema}.{OverlayScript.View}",
                SyncedTable = options.SyncedTable.ToString(),
                IsInUse = options.Mode == StatusChangeMode.Overlay,
                IsInstalled = state.IsInstalled,
                HasSyncedTable = state.HasSyncedTable,
                Role = state.Role,
                Recorded = await CountAsync(connection, state, cancellationToken),
                IsInlined = state.MayRead ? await catalog.IsInlinedAsync(connection, cancellationToken) : null,
                Missing = [.. catalog.FindProblems(state).Select(problem => problem.Sentence)],
            };
        },
        cancellationToken);

    private static List<string> RemovalRemarks(RecordedChanges changes, long recorded) => changes switch
    {
        RecordedChanges.Keep => [$"{recorded} recorded changes are kept. Reads will show the synced table's own statuses."],
        RecordedChanges.Discard => [$"{recorded} recorded changes will be lost."],
        RecordedChanges.MustBeNone => [],
    };

    /// <summary>Refuses to replace a relation that is not a part of the overlay.</summary>
    private void RequireFree(string name, string? kind, string expected)
    {
        if (kind is not null && kind != expected)
        {
            throw new StartupException(
                $"{_schema}.{name} exists already and is not part of the overlay: " +
                "set Orders:OverlaySchema to a schema for the overlay alone, or rename that relation.");
        }
    }

    private async Task<(long Changes, long Orders)?> CountAsync(
        NpgsqlConnection connection, OverlayState state, CancellationToken cancellationToken)
    {
        string sql = $"select count(*), count(distinct o_orderkey) from {_schema}.{OverlayScript.Changes}";

        return state is { ChangesKind: "r", MaySelectChanges: true }
            ? await connection.QuerySingleAsync<(long, long)>(
                new CommandDefinition(sql, commandTimeout: 0, cancellationToken: cancellationToken))
            : null;
    }

    private async Task<T> WithConnectionAsync<T>(Func<NpgsqlConnection, Task<T>> run, CancellationToken cancellationToken)
    {
        try
        {
            await using NpgsqlConnection connection = await database.OpenAsync(retries: true, cancellationToken);
            return await run(connection);
        }
        catch (PostgresException exception) when (!exception.IsTransient)
        {
            throw new StartupException(StatusChangeOptions.Location.Explain(exception) ?? Explain(exception), exception);
        }
        catch (NpgsqlException exception)
        {
            throw new DatabaseUnavailableException("The connection to the database was lost.", exception);
        }
    }

    private string Explain(PostgresException exception) => SqlStates.IsMissingRight(exception)
        ? $"The database refused it: {exception.MessageText}. The overlay needs a role that may create objects in the schema " +
            $"{options.OverlaySchema}. The owner of the database can run: " +
            $"create schema {_schema}; grant usage, create on schema {_schema} to the_role;"
        : $"The database refused it: {exception.MessageText.TrimEnd('.')}. Nothing was changed.";
}
