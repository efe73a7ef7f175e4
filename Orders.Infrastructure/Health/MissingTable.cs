using Dapper;
using Npgsql;
using Orders.Infrastructure.Postgres;

namespace Orders.Infrastructure.Health;

/// <summary>Why there is no table orders_synced in the search path, and what to do.</summary>
internal static class MissingTable
{
    private const string NoTable =
        "The table orders_synced is not in the search path: run the command migrate, or set Search Path in ConnectionStrings:Orders.";

    public static async Task<TableProblem> ExplainAsync(
        NpgsqlConnection connection, ConnectionPolicy policy, CancellationToken cancellationToken)
    {
        // PostgreSQL ignores schemas of the search path that the role may not use. A table elsewhere may be the one that is meant.
        const string sql =
            """
            select current_setting('search_path') as searchpath,
                   (select format('grant usage on schema %I to %I;', nspname, current_user)
                    from pg_class
                    join pg_namespace on pg_namespace.oid = relnamespace
                    where relname = 'orders_synced'
                      and not has_schema_privilege(pg_namespace.oid, 'usage')
                      and quote_ident(nspname) in (
                          select trim(name) from unnest(string_to_array(current_setting('search_path'), ',')) as name)
                    limit 1) as missinggrant,
                   (select case when count(*) = 1 then min(quote_ident(nspname)) end
                    from pg_class
                    join pg_namespace on pg_namespace.oid = relnamespace
                    where relname = 'orders_synced' and relkind in ('r', 'p', 'v', 'm', 'f')) as elsewhere
            """;

        (string searchPath, string? missingGrant, string? elsewhere) = await connection.QuerySingleAsync<(string, string?, string?)>(
            new CommandDefinition(sql, cancellationToken: cancellationToken));
        if (SearchPath.FindLost(new NpgsqlConnectionStringBuilder(connection.ConnectionString), searchPath) is { } lost)
        {
            return new TableProblem(lost);
        }

        if (missingGrant is not null)
        {
            return new TableProblem("The right to use the schema of the table orders_synced is missing.", $"Run: {missingGrant}");
        }

        string reason = await policy.ExplainMissingTableAsync(TableLocation.SearchPath, cancellationToken) ?? NoTable;
        return new TableProblem(
            reason,
            $"The search path is {searchPath}{(elsewhere is null ? "" : $"; the table of that name is in the schema {elsewhere}")}.");
    }
}
