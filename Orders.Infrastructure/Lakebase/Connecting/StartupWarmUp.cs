using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Orders.Application;
using Orders.Infrastructure.Postgres;

namespace Orders.Infrastructure.Lakebase.Connecting;

/// <summary>
/// Connects when the service starts, and again until there is a connection: so the first caller does not wait for a sleeping server,
/// and a check of readiness logs what is missing.
/// </summary>
internal sealed partial class StartupWarmUp(IServiceProvider services, TimeProvider time, ILogger<StartupWarmUp> logger) : BackgroundService
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMinutes(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await ConnectAsync(stoppingToken);
        await services.GetRequiredService<HealthCheckService>().CheckHealthAsync(stoppingToken);
    }

    private async Task ConnectAsync(CancellationToken stoppingToken)
    {
        for (string? lastReason = null; ;)
        {
            try
            {
                // Only now: the address of the database may not be known before.
                DatabaseConnections database = services.GetRequiredService<DatabaseConnections>();
                await using NpgsqlConnection connection = await database.OpenAsync(retries: true, stoppingToken);
                return;
            }
            catch (DatabaseUnavailableException exception)
            {
                if (exception.Message != lastReason)
                {
                    LogUnavailable(logger, $"{exception.Message} {exception.Hint}".TrimEnd(), exception.InnerException!.Message);
                    lastReason = exception.Message;
                }

                await Task.Delay(RetryDelay, time, stoppingToken);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Reason} Cause: {Cause}")]
    private static partial void LogUnavailable(ILogger logger, string reason, string cause);
}
