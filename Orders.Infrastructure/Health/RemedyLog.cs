using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Orders.Infrastructure.Postgres;

namespace Orders.Infrastructure.Health;

/// <summary>Has said in the log what readiness would say, when a statement was refused: what is missing, and what mends it.</summary>
internal sealed class RemedyLog(RefusedStatements refused, HealthCheckService readiness, TimeProvider time) : BackgroundService
{
    /// <summary>Until it is mended, every request is refused.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (bool _ in refused.ReadAsync(stoppingToken))
        {
            // It logs what it finds missing.
            await readiness.CheckHealthAsync(stoppingToken);
            await Task.Delay(Pause, time, stoppingToken);
        }
    }
}
