using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;
using Orders.Application;
using Orders.Infrastructure.Postgres;

namespace Orders.Infrastructure.Overlay;

/// <summary>
/// Readiness with an overlay: the overlay and the synced table exist, and the role has the rights that the service needs.
/// </summary>
internal sealed class OverlayHealthCheck(DatabaseConnections database, OverlayCatalog catalog) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await using NpgsqlConnection connection = await database.OpenAsync(retries: false, cancellationToken);
            OverlayState state = await catalog.ReadAsync(connection, cancellationToken);
            if (catalog.Missing(state).FirstOrDefault() is { } missing)
            {
                bool lacksTable = state is { IsInstalled: true, HasSyncedTable: false };
                return HealthCheckResult.Unhealthy(
                    (lacksTable ? await database.Policy.ExplainMissingTableAsync(catalog.Location, cancellationToken) : null) ?? missing);
            }

            await catalog.IsInlinedAsync(connection, cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (DatabaseUnavailableException exception)
        {
            return HealthCheckResult.Unhealthy(exception.MessageWithHint, exception);
        }
        catch (NpgsqlException exception)
        {
            return HealthCheckResult.Unhealthy(
                catalog.Location.Explain(exception) ?? "The database was reached but did not answer the check.", exception);
        }
    }
}
