using Dapper;
using Npgsql;
using Orders.Infrastructure.Postgres;

namespace Orders.Infrastructure.Health;

/// <summary>Looks at the table or view orders_synced of the search path in PostgreSQL's catalogue.</summary>
internal sealed class OrdersTableInspector(ConnectionPolicy policy) : ITableInspector
{
    private static readonly TableProblem ReadOnly =
        new("The database is read-only: it is a standby, or default_transaction_read_only is on.");

    private static readonly TableProblem BySchemaOfRole = new(
        "The table orders_synced was found in the schema that has the name of the role, which nobody has asked for: set Search Path in "
            + "ConnectionStrings:Orders, or behind a pooler the role's own search path.");

    public async Task<TableReport> InspectAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        // Returns no row when the search path has no such table. The columns are those with these names.
        const string sql =
            """
            select pg_class.oid::bigint as oid, relkind::text as kind, format('%I.%I', nspname, relname) as name,
                   pg_get_userbyid(relowner)::text as owner, quote_ident(current_user) as role,
                   current_setting('transaction_read_only')::boolean as isreadonly,
                   coalesce((select partattrs::text from pg_partitioned_table where partrelid = pg_class.oid)
                            = (select attnum::text from pg_attribute where attrelid = pg_class.oid and attname = 'o_orderkey'), false)
                       as ispartitionedbykey,
                   current_setting('search_path') as searchpath,
                   nspname = current_user and quote_ident(nspname) not in (
                       select trim(name) from unnest(string_to_array(current_setting('search_path'), ',')) as name) as isinschemaofrole
            from pg_class
            join pg_namespace on pg_namespace.oid = relnamespace
            where pg_class.oid = to_regclass('orders_synced')
            """;

        RelationRow? relation = await connection.QuerySingleOrDefaultAsync<RelationRow?>(
            new CommandDefinition(sql, cancellationToken: cancellationToken));
        if (relation is null)
        {
            return new TableReport { ReadProblem = await MissingTable.ExplainAsync(connection, policy, cancellationToken) };
        }

        ColumnRow[] columns = await ReadColumnsAsync(connection, relation.Oid, cancellationToken);
        TableProblem? problem = FindPathProblem(connection, relation) ?? ColumnRules.FindReadProblem(relation, columns);
        TableKeys keys = problem is null ? await TableKeys.ReadAsync(connection, relation, cancellationToken) : new TableKeys();
        return new TableReport
        {
            Relation = new RelationIdentity(relation.Oid, relation.Name, relation.Owner),
            ReadProblem = problem ?? keys.FindProblem(relation, columns.Single(column => column.Name == ColumnRules.Key)),
            ChangeProblem = problem is null ? ColumnRules.FindChangeProblem(relation, columns) : null,
            ServerProblem = relation.IsReadOnly ? ReadOnly : null,
            HasForeignRows = keys.HasForeignRows,
        };
    }

    private static TableProblem? FindPathProblem(NpgsqlConnection connection, RelationRow relation)
    {
        var settings = new NpgsqlConnectionStringBuilder(connection.ConnectionString);
        return SearchPath.FindLost(settings, relation.SearchPath) is { } lost ? new TableProblem(lost)
            : relation.IsInSchemaOfRole && !SearchPath.NamesSchemaOfRole(settings) ? BySchemaOfRole with { Hint = relation.Where }
            : null;
    }

    private static async Task<ColumnRow[]> ReadColumnsAsync(NpgsqlConnection connection, long relation, CancellationToken cancellationToken)
    {
        // A domain's base type is that of the type it is over, which may be a domain too. The name of a type that is not PostgreSQL's
        // own would come with its schema.
        const string sql =
            """
            with recursive base (attnum, type, modifier) as (
                select attnum, atttypid, atttypmod from pg_attribute where attrelid = @relation::oid and attnum > 0 and not attisdropped
                union all
                select attnum, typbasetype, case when modifier = -1 then typtypmod else modifier end
                from base join pg_type on pg_type.oid = type and typtype = 'd'
            )
            select attname::text as name,
                   (select case when typnamespace = 'pg_catalog'::regnamespace then format_type(atttypid, atttypmod)
                                else typname::text end
                    from pg_type as own where own.oid = atttypid) as type,
                   pg_type.typname::text as basetype, modifier,
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
}

/// <summary>
/// The table or view of orders. Its name, with its schema, and the role's are quoted if necessary; its kind is a <c>relkind</c>.
/// </summary>
internal sealed record RelationRow(
    long Oid, string Kind, string Name, string Owner, string Role, bool IsReadOnly, bool IsPartitionedByKey, string SearchPath,
    bool IsInSchemaOfRole)
{
    /// <summary>Where it is, for the operator.</summary>
    public string Where => $"It is {Name}.";
}

/// <summary>
/// A column of the table of orders, and the role's rights on it. The type is as SQL writes it; the base type is a <c>typname</c>, with
/// its <c>atttypmod</c>, and for a domain that of the type behind it.
/// </summary>
internal sealed record ColumnRow(
    string Name, string Type, string BaseType, int Modifier, bool IsNotNull, bool MaySelect, bool MayUpdate, bool IsUpdatable);
