using Dapper;
using Npgsql;

namespace Orders.Infrastructure.Health;

/// <summary>What PostgreSQL can tell of the keys: that they are unique, and where their rows are.</summary>
internal sealed record TableKeys
{
    /// <summary>A unique index of the key column alone; for a partitioned table, also one of each partition where the key decides.</summary>
    public bool HasUniqueIndex { get; init; }

    /// <summary>The tables behind a view; for a table itself. Foreign ones are left out.</summary>
    public int Tables { get; init; }

    public bool HasForeignRows { get; init; }

    /// <summary>The planner can tell that a view has no key twice.</summary>
    public bool IsProvenUnique { get; init; }

    public static async Task<TableKeys> ReadAsync(NpgsqlConnection connection, RelationRow relation, CancellationToken cancellationToken)
    {
        // The relations that a view selects from, also through other views, and the partitions of all of them. A table has a unique
        // index if it has one of a single column. Which column of a table is the view's key, the catalogue does not tell.
        const string sql =
            """
            with recursive source (oid, kind) as (
                select oid, relkind from pg_class where oid = @relation::oid
                union
                select pg_class.oid, relkind
                from source
                join pg_rewrite on ev_class = source.oid and kind = 'v'
                join pg_depend on objid = pg_rewrite.oid and classid = 'pg_rewrite'::regclass and refclassid = 'pg_class'::regclass
                join pg_class on pg_class.oid = refobjid and relkind in ('r', 'p', 'v', 'm', 'f')
            ), leaf (source, oid, kind) as (
                select oid, oid, kind from source where kind <> 'v'
                union all
                select source, inhrelid, relkind from leaf join pg_inherits on inhparent = leaf.oid join pg_class on pg_class.oid = inhrelid
                where kind = 'p'
            ), indexed (source, oid, kind, isunique) as (
                select source, oid, kind, exists (
                    select from pg_index
                    join pg_attribute on attrelid = indrelid and attnum = indkey[0]
                    where indrelid = leaf.oid and indisunique and indisvalid and indpred is null and indnkeyatts = 1
                      and (attname = 'o_orderkey' or leaf.source <> @relation::oid))
                from leaf
            )
            select (select count(*) from source where kind in ('r', 'p', 'm')) as tables,
                   exists (select from leaf where kind = 'f') as hasforeignrows,
                   coalesce(bool_or(isunique) filter (where oid = source)
                            or (bool_and(isunique or kind in ('p', 'f')) filter (where oid <> source) and @ispartitionedbykey), false)
                       as hasuniqueindex
            from indexed
            """;
        var parameters = new { relation = relation.Oid, ispartitionedbykey = relation.IsPartitionedByKey };
        (long tables, bool hasForeignRows, bool hasUniqueIndex) = await connection.QuerySingleAsync<(long, bool, bool)>(
            new CommandDefinition(sql, parameters, cancellationToken: cancellationToken));
        return new TableKeys
        {
            Tables = (int)tables,
            HasForeignRows = hasForeignRows,
            HasUniqueIndex = hasUniqueIndex,
            IsProvenUnique = relation.Kind == "v" && !hasUniqueIndex && await IsProvenUniqueAsync(connection, cancellationToken),
        };
    }

    public TableProblem? FindProblem(RelationRow relation, ColumnRow key)
    {
        if (relation.Kind is "r" or "p" && !key.IsNotNull)
        {
            return new TableProblem(
                $"The column {key.Name} may be null.", $"Run: alter table {relation.Name} alter {key.Name} set not null;");
        }

        if (HasUniqueIndex || IsProvenUnique)
        {
            return null;
        }

        return relation.Kind switch
        {
            "r" or "m" => new TableProblem(
                $"The column {key.Name} has no unique index of its own.",
                $"Run: create unique index on {relation.Name} ({key.Name});"),
            "p" => new TableProblem(
                $"The key {key.Name} is not unique: partition the table by {key.Name} alone, with a primary key of {key.Name}.",
                relation.Where),
            // Of several tables, or of one on another server, PostgreSQL can't tell.
            "v" when Tables == 1 && !HasForeignRows => new TableProblem(
                $"The table behind the view has no unique index of the column that is the view's {key.Name}: create one.",
                relation.Where),
            _ => null,
        };
    }

    /// <summary>The planner leaves out an outer join with the view when that can't find more than one row.</summary>
    private static async Task<bool> IsProvenUniqueAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        const string sql =
            "explain (costs off) select from (values (1::bigint), (2)) as one (key) left join orders_synced on o_orderkey = one.key";
        IEnumerable<string> plan = await connection.QueryAsync<string>(new CommandDefinition(sql, cancellationToken: cancellationToken));
        return !plan.Any(line => line.Contains("Join", StringComparison.Ordinal) || line.Contains("Loop", StringComparison.Ordinal));
    }
}
