using Dapper;
using Npgsql;
using Orders.Infrastructure.Health;
using Orders.Infrastructure.Postgres;

namespace Orders.Infrastructure.Overlay;

/// <summary>Reads the state of the overlay from PostgreSQL's catalogue, and lists what is missing.</summary>
internal sealed class OverlayCatalog(StatusChangeOptions options)
{
    private static readonly string[] ColumnNames = [.. OverlayScript.Columns.Split(", ").Select(column => column.Split(' ')[0])];

    /// <summary>The view with its schema, quoted.</summary>
    public string View => $"{QualifiedName.Quote(options.OverlaySchema)}.{OverlayScript.View}";

    /// <summary>
    /// Reads the catalogue's tables, because functions such as <c>to_regclass</c> fail for a name in a schema that the role may not use.
    /// </summary>
    public Task<OverlayState> ReadAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        const string sql =
            """
            select current_user::text as role,
                   current_setting('transaction_read_only')::boolean as isreadonly,
                   ours.oid is not null as hasschema,
                   coalesce(has_schema_privilege(ours.oid, 'usage'), false) as mayuseschema,
                   view.oid::bigint as viewoid,
                   view.relkind::text as viewkind,
                   pg_get_userbyid(view.relowner)::text as viewowner,
                   coalesce(to_regclass(@view) = view.oid, false) as isinsearchpath,
                   coalesce(has_table_privilege(view.oid, 'select')
                       or has_any_column_privilege(view.oid, 'select'), false) as mayselectview,
                   coalesce(has_any_column_privilege(view.oid, 'update'), false) as mayupdateview,
                   changes.relkind::text as changeskind,
                   coalesce(has_schema_privilege(ours.oid, 'usage')
                       and has_table_privilege(changes.oid, 'select'), false) as mayselectchanges,
                   exists (select from pg_proc where pronamespace = ours.oid and proname = @source)
                       and exists (select from pg_trigger
                                   where tgrelid = view.oid and tgname = @recorder and tgenabled <> 'D') as hasfunctions,
                   (select pg_get_function_result(pg_proc.oid) from pg_proc
                    where pronamespace = ours.oid and proname = @source and pronargs = 0) as sourceresult,
                   (select wanted from unnest(@columns) as wanted
                    where not exists (select from pg_attribute where attrelid = view.oid and attname = wanted)
                        and view.relkind = 'v'
                    limit 1) as missingcolumn,
                   synced.oid is not null as hassyncedtable,
                   coalesce(has_schema_privilege(theirs.oid, 'usage'), false) as mayusesyncedschema,
                   coalesce(has_table_privilege(synced.oid, 'select')
                       or has_any_column_privilege(synced.oid, 'select'), false) as mayselectsynced
            from (select) as one
            left join pg_namespace as ours on ours.nspname = @schema
            left join pg_class as view on view.relnamespace = ours.oid and view.relname = @view
            left join pg_class as changes on changes.relnamespace = ours.oid and changes.relname = @changes
            left join pg_namespace as theirs on theirs.nspname = @syncedSchema
            left join pg_class as synced on synced.relnamespace = theirs.oid and synced.relname = @syncedName
                                        and synced.relkind in ('r', 'p', 'v', 'm', 'f')
            """;

        var parameters = new
        {
            schema = options.OverlaySchema,
            view = OverlayScript.View,
            changes = OverlayScript.Changes,
            source = OverlayScript.Source,
            recorder = OverlayScript.Recorder,
            columns = ColumnNames,
            syncedSchema = options.SyncedTable.Schema,
            syncedName = options.SyncedTable.Name,
        };
        return connection.QuerySingleAsync<OverlayState>(new CommandDefinition(sql, parameters, cancellationToken: cancellationToken));
    }

    /// <summary>Each reason why the role can't serve, in the order in which to mend them.</summary>
    public IEnumerable<TableProblem> FindProblems(OverlayState state)
    {
        IEnumerable<TableProblem?> others = [FindChangeProblem(state), FindServerProblem(state)];
        return FindReadProblems(state).Concat(others.OfType<TableProblem>());
    }

    /// <summary>Each reason why orders can't be read.</summary>
    public IEnumerable<TableProblem> FindReadProblems(OverlayState state)
    {
        string role = QualifiedName.Quote(state.Role);
        string schema = QualifiedName.Quote(options.OverlaySchema);
        if (!state.IsInstalled)
        {
            yield return new TableProblem(
                "The overlay is not installed: run the command overlay install, or set Orders:OverlaySchema.",
                $"It is looked for in the schema {options.OverlaySchema}.");
        }

        if (state is { IsInstalled: true, MissingColumn: { } column })
        {
            yield return new TableProblem(
                $"The overlay is of an earlier version and lacks the column {column}: run the command overlay install.");
        }

        if (state.HasSchema && !state.MayUseSchema)
        {
            yield return new TableProblem(
                "The right to use the overlay's schema is missing.", $"Run: grant usage on schema {schema} to {role};");
        }

        if (state.IsInstalled && !state.MaySelectView)
        {
            yield return new TableProblem(
                "The right to read is missing.", $"Run: grant select on {View} to {role};");
        }

        if (!state.HasSyncedTable)
        {
            yield return new TableProblem(
                "The synced table does not exist: its sync is not online yet, or Orders:SyncedTable names another table.",
                $"It is looked for as {options.SyncedTable}.");
            yield break;
        }

        if (!state.MayUseSyncedSchema)
        {
            yield return new TableProblem(
                "The right to use the synced table's schema is missing.",
                $"Run: grant usage on schema {QualifiedName.Quote(options.SyncedTable.Schema)} to {role};");
        }

        if (!state.MaySelectSynced)
        {
            yield return new TableProblem(
                "The right to read the synced table is missing.", $"Run: grant select on {options.SyncedTable} to {role};");
        }
    }

    public TableProblem? FindChangeProblem(OverlayState state) => state is { IsInstalled: true, MayUpdateView: false }
        ? new TableProblem(
            "The right to change a status is missing.",
            $"Run: grant update (o_orderstatus) on {View} to {QualifiedName.Quote(state.Role)};")
        : null;

    public static TableProblem? FindServerProblem(OverlayState state) => state.IsReadOnly
        ? new TableProblem("The database is read-only: it is a standby, or default_transaction_read_only is on.")
        : null;

    /// <summary>True when the planner inlines the function that reads the synced table. If not, each query reads the whole table.</summary>
    /// <exception cref="PostgresException">The synced table does not have the columns of TPC-H's orders.</exception>
    public async Task<bool> IsInlinedAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        string sql = $"explain (costs off) select o_orderstatus from {View} where o_orderkey = 1";

        IEnumerable<string> plan = await connection.QueryAsync<string>(new CommandDefinition(sql, cancellationToken: cancellationToken));
        return !plan.Any(line => line.Contains("Function Scan", StringComparison.Ordinal));
    }
}
