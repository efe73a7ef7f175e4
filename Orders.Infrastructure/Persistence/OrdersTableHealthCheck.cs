using Dapper;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;
using Orders.Application;

namespace Orders.Infrastructure.Persistence;

/// <summary>Readiness: the database can be reached, the table is there, and so are the rights that serving takes.</summary>
internal sealed class OrdersTableHealthCheck(NpgsqlDataSource dataSource) : IHealthCheck
{
    private const string ReadOnly = "The database is read-only at present: it is a standby, or default_transaction_read_only is on.";

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        // A null means that there is no such table in the search path.
        const string sql =
            """
            select has_table_privilege(orders, 'select') or has_any_column_privilege(orders, 'select') as mayselect,
                   has_column_privilege(orders, 'o_orderstatus', 'update') as mayupdate,
                   current_setting('transaction_read_only')::boolean as isreadonly
            from to_regclass('orders_synced') as orders
            """;

        try
        {
            await using NpgsqlConnection connection = await dataSource.OpenAsync(cancellationToken);
            var command = new CommandDefinition(sql, cancellationToken: cancellationToken);
            return await connection.QuerySingleAsync<(bool? MaySelect, bool? MayUpdate, bool IsReadOnly)>(command) switch
            {
                (null, _, _) => HealthCheckResult.Unhealthy(
                    "The table orders_synced is not in the search path: run the command migrate, or set Search Path in ConnectionStrings:Orders."),
                (false, _, _) => HealthCheckResult.Unhealthy("The right to read is missing: grant select on orders_synced to this role."),
                (_, false, _) => HealthCheckResult.Unhealthy("The right to change a status is missing: grant update on orders_synced to this role."),
                (_, _, true) => HealthCheckResult.Unhealthy(ReadOnly),
                _ => HealthCheckResult.Healthy(),
            };
        }
        catch (DatabaseUnavailableException exception)
        {
            return HealthCheckResult.Unhealthy(exception.Message, exception);
        }
        catch (NpgsqlException exception)
        {
            return HealthCheckResult.Unhealthy("The database was reached but did not answer the check.", exception);
        }
    }
}
