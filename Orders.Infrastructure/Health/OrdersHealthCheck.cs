using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;
using Orders.Application;
using Orders.Infrastructure.Postgres;

namespace Orders.Infrastructure.Health;

/// <summary>Readiness: the database is reachable, and the table is what the service needs, with the rights on it.</summary>
internal sealed class OrdersHealthCheck(OrdersTable table, ITableInspector inspector, TableLocation location) : IHealthCheck
{
    private const string Pooler =
        "A pooler is in front of the database, so statements are not prepared. docs/operations.md says what that costs.";

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            // No retries: a probe reports the current state.
            await using NpgsqlConnection connection = await table.Connections.OpenAsync(retries: false, cancellationToken);
            TableReport report = await inspector.InspectAsync(connection, cancellationToken);
            table.Record(report);
            return report.Problem is { } problem
                ? HealthCheckResult.Unhealthy(problem)
                : HealthCheckResult.Healthy(table.Connections.DataSource.HasPooler ? Pooler : null);
        }
        catch (DatabaseUnavailableException exception)
        {
            return HealthCheckResult.Unhealthy(exception.MessageWithHint, exception);
        }
        catch (NpgsqlException exception)
        {
            return HealthCheckResult.Unhealthy(
                location.Explain(exception) ?? "The database was reached but did not answer the check.", exception);
        }
    }
}
