using Dapper;
using Npgsql;
using Orders.Infrastructure.Postgres;

namespace Orders.Infrastructure.Overlay;

/// <summary>Reads the state of the overlay from PostgreSQL's catalogue, and lists what is missing.</summary>
internal sealed class OverlayCatalog(StatusChangeOptions options)
{
    private static readonly string[] ColumnNames = [.. OverlayScript.Columns.Split(", ").Select(column => column.Split(' ')[0])];

    public TableLocation Location => options.Location;

    /// <summary>
    /// Reads the catalogue's tables, because functions such as <c>to_regclass</c> fail in a schema that the role may not use.
    /// </summary>
    public Task<OverlayState> ReadAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        const string sql =
            """
            select current_user::text as role,
                   current_setting('transaction_read_only')::boolean as isreadonly,
                   ours.oid is not null as hasschema,
                   coalesce(has_schema_privilege(ours.oid, 'usage'), false) as mayuseschema,
                   view.relkind::text as viewkind,
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

    /// <summary>A sentence for each reason why the role can't serve, in the order in which to fix them.</summary>
    public IEnumerable<string> Missing(OverlayState state)
    {
        string role = QualifiedName.Quote(state.Role);
        string schema = QualifiedName.Quote(options.OverlaySchema);
        if (!state.IsInstalled)
        {
            yield return $"The overlay is not installed in the schema {options.OverlaySchema}: " +
                "run the command overlay install, or set Orders:OverlaySchema.";
        }

        if (state is { IsInstalled: true, MissingColumn: { } column })
        {
            yield return $"The overlay is of an earlier version and lacks the column {column}: run the command overlay install.";
        }

        if (state.HasSchema && !state.MayUseSchema)
        {
            yield return $"The right to use the overlay's schema is missing: grant usage on schema {schema} to {role};";
        }

        if (state.IsInstalled && !state.MaySelectView)
        {
            yield return $"The right to read is missing: grant select on {schema}.{OverlayScript.View} to {role};";
        }

        if (state.IsInstalled && !state.MayUpdateView)
        {
            yield return "The right to change a status is missing: " +
                $"grant update (o_orderstatus) on {schema}.{OverlayScript.View} to {role};";
        }

        if (!state.HasSyncedTable)
        {
            yield return $"The synced table {options.SyncedTable} does not exist: " +
                "its sync is not online yet, or Orders:SyncedTable names another table.";
        }
        else
        {
            if (!state.MayUseSyncedSchema)
            {
                yield return "The right to use the synced table's schema is missing: " +
                    $"grant usage on schema {QualifiedName.Quote(options.SyncedTable.Schema)} to {role};";
            }

            if (!state.MaySelectSynced)
            {
                yield return $"The right to read the synced table is missing: grant select on {options.SyncedTable} to {role};";
            }
        }

        if (state.IsReadOnly)
        {
            yield return "The database is read-only: it is a standby, or default_transaction_read_only is on.";
        }
    }

    /// <summary>True when the planner inlines the function that reads the synced table. If not, each query reads the whole table.</summary>
    /// <exception cref="PostgresException">The synced table does not have the columns of TPC-H's orders.</exception>
    public async Task<bool> IsInlinedAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        string view = $"{QualifiedName.Quote(options.OverlaySchema)}.{OverlayScript.View}";
        string sql = $"explain (costs off) select o_orderstatus from {view} where o_orderkey = 1";

        IEnumerable<string> plan = await connection.QueryAsync<string>(new CommandDefinition(sql, cancellationToken: cancellationToken));
        return !plan.Any(line => line.Contains("Function Scan", StringComparison.Ordinal));
    }
}
