using Dapper;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;
using Orders.Application;
using Orders.Infrastructure.Postgres;

namespace Orders.Infrastructure.Health;

/// <summary>Readiness: the database is reachable, the table exists, and the role has the rights that the service needs.</summary>
internal sealed class OrdersTableHealthCheck(DatabaseConnections database) : IHealthCheck
{
    private const string ReadOnly = "The database is read-only: it is a standby, or default_transaction_read_only is on.";

    private const string NoTable =
        "The table orders_synced is not in the search path: run the command migrate, or set Search Path in ConnectionStrings:Orders.";

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            // No retries: a probe reports the current state.
            await using NpgsqlConnection connection = await database.OpenAsync(retries: false, cancellationToken);
            return await FindProblemAsync(connection, cancellationToken) is { } problem
                ? HealthCheckResult.Unhealthy(problem)
                : HealthCheckResult.Healthy();
        }
        catch (DatabaseUnavailableException exception)
        {
            return HealthCheckResult.Unhealthy(exception.MessageWithHint, exception);
        }
        catch (NpgsqlException exception)
        {
            return HealthCheckResult.Unhealthy("The database was reached but did not answer the check.", exception);
        }
    }

    private async Task<string?> FindProblemAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        // Returns no row when the search path has no such table.
        const string sql =
            """
            select has_table_privilege(orders, 'select') or has_any_column_privilege(orders, 'select') as mayselect,
                   has_column_privilege(orders, 'o_orderstatus', 'update') as mayupdate,
                   current_setting('transaction_read_only')::boolean as isreadonly,
                   format('%I.%I', nspname, relname) as name,
                   quote_ident(current_user) as role
            from to_regclass('orders_synced') as orders
            join pg_class on pg_class.oid = orders
            join pg_namespace on pg_namespace.oid = relnamespace
            """;

        var command = new CommandDefinition(sql, cancellationToken: cancellationToken);
        return await connection.QuerySingleOrDefaultAsync<TableRights?>(command) switch
        {
            null => await ExplainMissingTableAsync(connection, cancellationToken),
            { MaySelect: false } table => $"The right to read is missing. Run: grant select on {table.Name} to {table.Role};",
            { MayUpdate: false } table => $"The right to change a status is missing. Run: grant update on {table.Name} to {table.Role};",
            { IsReadOnly: true } => ReadOnly,
            _ => null,
        };
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
            ? await database.Policy.ExplainMissingTableAsync(TableLocation.SearchPath, cancellationToken) ?? NoTable
            : $"The right to use the schema of the table orders_synced is missing. Run: {grant}";
    }

    /// <summary>The rights of the connection's role on the table. Both names are quoted if necessary; the table's has its schema.</summary>
    private sealed record TableRights(bool MaySelect, bool MayUpdate, bool IsReadOnly, string Name, string Role);
}
