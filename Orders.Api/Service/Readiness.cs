using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Orders.Api.Service;

/// <summary>
/// Checks whether the service can do its work, once for all who ask at the time. That it can is remembered for a second; that it can't
/// is not, so that traffic comes back at once.
/// </summary>
public sealed class Readiness(HealthCheckService health, TimeProvider time)
{
    private static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private Task<HealthReport>? _check;
    private long _startedAt;

    /// <exception cref="OperationCanceledException">The caller's token was cancelled; the check goes on for others.</exception>
    public Task<HealthReport> CheckAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_check is null || !IsCurrent(_check))
            {
                _startedAt = time.GetTimestamp();
                using (ExecutionContext.SuppressFlow())
                {
                    _check = Task.Run(() => health.CheckHealthAsync(CancellationToken.None), CancellationToken.None);
                }
            }

            return _check.WaitAsync(cancellationToken);
        }
    }

    private bool IsCurrent(Task<HealthReport> check) => !check.IsCompleted
        || (check is { IsCompletedSuccessfully: true, Result.Status: HealthStatus.Healthy } && time.GetElapsedTime(_startedAt) < MaxAge);
}
