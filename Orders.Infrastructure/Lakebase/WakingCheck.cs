using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Orders.Application;
using Orders.Infrastructure.Persistence;

namespace Orders.Infrastructure.Lakebase;

/// <summary>
/// Connects when the service starts, so that the first caller does not wait for a sleeping server, and has what is missing said in
/// the log without anybody asking for readiness.
/// </summary>
internal sealed partial class WakingCheck(IServiceProvider services, ILogger<WakingCheck> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            DatabaseConnections database = services.GetRequiredService<DatabaseConnections>();
            await using (NpgsqlConnection _ = await database.OpenAsync(waits: true, stoppingToken))
            {
            }

            // It logs what it finds missing.
            await services.GetRequiredService<HealthCheckService>().CheckHealthAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The service ends.
        }
        catch (DatabaseUnavailableException exception)
        {
            LogUnavailable(logger, $"{exception.Message} {exception.Remedy}".TrimEnd(), exception.InnerException!.Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Reason} Cause: {Cause}")]
    private static partial void LogUnavailable(ILogger logger, string reason, string cause);
}
