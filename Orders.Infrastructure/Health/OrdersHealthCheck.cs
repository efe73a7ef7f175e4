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

    private const string NoPrimary = "There is no primary at present: reads are answered, changes are not.";

    private const string SearchPathOfRole =
        "A pooler refuses to set the search path, so that of the role says where the table is.";

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            (TableReport report, bool hasPrimary) = await InspectAsync(cancellationToken);
            report = table.Record(report);
            if (!hasPrimary)
            {
                // Reads are answered, so the instance stays in rotation; changes are answered that there is no primary.
                return report.TableProblem is { } wrong ? Unhealthy(new DatabaseUnavailableException(wrong.Reason, cause: null, wrong.Hint))
                    : HealthCheckResult.Healthy(NoPrimary);
            }

            return report.Problem is { } problem
                ? Unhealthy(new DatabaseUnavailableException(problem.Reason, cause: null, problem.Hint))
                : HealthCheckResult.Healthy(Remarks(table.Connections.DataSource));
        }
        catch (DatabaseUnavailableException exception)
        {
            return Unhealthy(exception);
        }
        catch (NpgsqlException exception)
        {
            return Unhealthy(new DatabaseUnavailableException(
                location.Explain(exception) ?? "The database was reached but did not answer the check.", exception));
        }
    }

    /// <summary>Looks at the table on the primary; while there is none, where reads go, if they don't need it.</summary>
    private async Task<(TableReport Report, bool HasPrimary)> InspectAsync(CancellationToken cancellationToken)
    {
        try
        {
            // No retries: a probe reports the current state.
            await using NpgsqlConnection connection = await table.Connections.OpenAsync(retries: false, cancellationToken);
            return (await inspector.InspectAsync(connection, cancellationToken), true);
        }
        catch (DatabaseUnavailableException) when (table.Connections is { HasSeveralServers: true, ReadsStandbys: true })
        {
            await using NpgsqlConnection connection = await table.Connections.OpenReaderAsync(cancellationToken);
            return (await inspector.InspectAsync(connection, cancellationToken) with { ServerProblem = null }, false);
        }
    }

    /// <summary>The description is for the log. Which part of it a caller may read, the exception says.</summary>
    private static HealthCheckResult Unhealthy(DatabaseUnavailableException exception) =>
        HealthCheckResult.Unhealthy(exception.MessageWithHint, exception);

    private static string? Remarks(ServerDataSource dataSource) => (dataSource.HasPooler, dataSource.UsesSearchPathOfRole) switch
    {
        (true, true) => $"{Pooler} {SearchPathOfRole}",
        (true, false) => Pooler,
        (false, true) => SearchPathOfRole,
        (false, false) => null,
    };
}
