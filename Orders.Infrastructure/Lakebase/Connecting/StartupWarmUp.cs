using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Orders.Application;
using Orders.Application.Orders;
using Orders.Infrastructure.Postgres;

namespace Orders.Infrastructure.Lakebase.Connecting;

/// <summary>
/// Connects when the service starts, so that the first caller does not wait for a sleeping server, and has what is missing said in
/// the log without anybody asking for readiness. It goes on until there is a connection.
/// </summary>
internal sealed partial class StartupWarmUp(
    IServiceProvider services, IServiceProviderIsService registered, TimeProvider time, ILogger<StartupWarmUp> logger) : BackgroundService
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMinutes(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!registered.IsService(typeof(OrderService)))
        {
            // A command, which connects by itself and says what it misses; the overlay is not there before its installation, say.
            return;
        }

        await ConnectAsync(stoppingToken);

        // It logs what it finds missing.
        await services.GetRequiredService<HealthCheckService>().CheckHealthAsync(stoppingToken);
    }

    private async Task ConnectAsync(CancellationToken stoppingToken)
    {
        for (string? lastReason = null; ;)
        {
            try
            {
                // Not before: where the database is may not be known yet.
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
