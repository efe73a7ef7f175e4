using Dapper;
using Npgsql;
using Orders.Infrastructure.Postgres;

namespace Orders.Infrastructure.Health;

/// <summary>Looks at the table or view orders_synced of the search path in PostgreSQL's catalogue.</summary>
internal sealed class OrdersTableInspector(ConnectionPolicy policy) : ITableInspector
{
    private const string ReadOnly = "The database is read-only: it is a standby, or default_transaction_read_only is on.";

    private const string NoTable =
        "The table orders_synced is not in the search path: run the command migrate, or set Search Path in ConnectionStrings:Orders.";

    public async Task<TableReport> InspectAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        // Returns no row when the search path has no such table. The columns are those with these names.
        const string sql =
            """
            select pg_class.oid::bigint as oid, relkind::text as kind, format('%I.%I', nspname, relname) as name,
                   quote_ident(current_user) as role, current_setting('transaction_read_only')::boolean as isreadonly,
                   coalesce((select partattrs::text from pg_partitioned_table where partrelid = pg_class.oid)
                            = (select attnum::text from pg_attribute where attrelid = pg_class.oid and attname = 'o_orderkey'), false)
                       as ispartitionedbykey
            from pg_class
            join pg_namespace on pg_namespace.oid = relnamespace
            where pg_class.oid = to_regclass('orders_synced')
            """;

        RelationRow? relation = await connection.QuerySingleOrDefaultAsync<RelationRow?>(
            new CommandDefinition(sql, cancellationToken: cancellationToken));
        if (relation is null)
        {
            return new TableReport { ReadProblem = await ExplainMissingTableAsync(connection, cancellationToken) };
        }

        ColumnRow[] columns = await ReadColumnsAsync(connection, relation.Oid, cancellationToken);
        string? problem = ColumnRules.FindReadProblem(relation, columns);
        TableKeys keys = problem is null ? await TableKeys.ReadAsync(connection, relation, cancellationToken) : new TableKeys();
        return new TableReport
        {
            ReadProblem = problem ?? keys.FindProblem(relation, columns.Single(column => column.Name == ColumnRules.Key)),
            ChangeProblem = problem is null ? ColumnRules.FindChangeProblem(relation, columns) : null,
            ServerProblem = relation.IsReadOnly ? ReadOnly : null,
            HasForeignRows = keys.HasForeignRows,
        };
    }

    private static async Task<ColumnRow[]> ReadColumnsAsync(NpgsqlConnection connection, long relation, CancellationToken cancellationToken)
    {
        // A domain's base type is that of the type it is over, which may be a domain too.
        const string sql =
            """
            with recursive base (attnum, type, modifier) as (
                select attnum, atttypid, atttypmod from pg_attribute where attrelid = @relation::oid and attnum > 0 and not attisdropped
                union all
                select attnum, typbasetype, case when modifier = -1 then typtypmod else modifier end
                from base join pg_type on pg_type.oid = type and typtype = 'd'
            )
            select attname::text as name, format_type(atttypid, atttypmod) as type, typname::text as basetype, modifier,
                   attnotnull as isnotnull,
                   has_column_privilege(attrelid, pg_attribute.attnum, 'select') as mayselect,
                   has_column_privilege(attrelid, pg_attribute.attnum, 'update') as mayupdate,
                   -- The function would wait for a lock.
                   attgenerated = '' and case when relkind in ('r', 'p') then true
                                              else pg_column_is_updatable(attrelid, pg_attribute.attnum, true) end as isupdatable
            from pg_attribute
            join pg_class on pg_class.oid = attrelid
            join base on base.attnum = pg_attribute.attnum
            join pg_type on pg_type.oid = base.type and typtype <> 'd'
            where attrelid = @relation::oid
            """;
        var command = new CommandDefinition(sql, new { relation }, cancellationToken: cancellationToken);
        return [.. await connection.QueryAsync<ColumnRow>(command)];
    }

    private async Task<string> ExplainMissingTableAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        // PostgreSQL ignores schemas of the search path that the role may not use.
        const string sql =
            """
            select format('grant usage on schema %I to %I;', nspname, current_user)
            from pg_class
            join pg_namespace on pg_namespace.oid = relnamespace
            where relname = 'orders_synced'
              and not has_schema_privilege(pg_namespace.oid, 'usage')
              and quote_ident(nspname) in (select trim(name) from unnest(string_to_array(current_setting('search_path'), ',')) as name)
            limit 1
            """;

        var command = new CommandDefinition(sql, cancellationToken: cancellationToken);
        string? grant = await connection.QuerySingleOrDefaultAsync<string>(command);
        return grant is null
            ? await policy.ExplainMissingTableAsync(TableLocation.SearchPath, cancellationToken) ?? NoTable
            : $"The right to use the schema of the table orders_synced is missing. Run: {grant}";
    }
}

/// <summary>
/// The table or view of orders. Its name, with its schema, and the role's are quoted if necessary; its kind is a <c>relkind</c>.
/// </summary>
internal sealed record RelationRow(long Oid, string Kind, string Name, string Role, bool IsReadOnly, bool IsPartitionedByKey);

/// <summary>
/// A column of the table of orders, and the role's rights on it. The type is as SQL writes it; the base type is a <c>typname</c>, with
/// its <c>atttypmod</c>, and for a domain that of the type behind it.
/// </summary>
internal sealed record ColumnRow(
    string Name, string Type, string BaseType, int Modifier, bool IsNotNull, bool MaySelect, bool MayUpdate, bool IsUpdatable);
