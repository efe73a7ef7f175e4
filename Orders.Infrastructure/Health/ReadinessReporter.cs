using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Orders.Infrastructure.Postgres;

namespace Orders.Infrastructure.Health;

/// <summary>Checks readiness after a permission error. The check logs the missing right and the statement that grants it.</summary>
internal sealed class ReadinessReporter(PermissionErrors errors, HealthCheckService readiness, TimeProvider time) : BackgroundService
{
    /// <summary>Every request fails with the same error until the right is granted.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (bool _ in errors.ReadAsync(stoppingToken))
        {
            await readiness.CheckHealthAsync(stoppingToken);
            await Task.Delay(Pause, time, stoppingToken);
        }
    }
}
