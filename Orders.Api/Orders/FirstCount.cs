using Orders.Application;
using Orders.Application.Orders;

namespace Orders.Api.Orders;

/// <summary>Counts the orders when the service starts, so that the first callers wait less.</summary>
internal sealed partial class FirstCount(IServiceProvider services, TimeProvider time, ILogger<FirstCount> logger) : BackgroundService
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            try
            {
                // Only now: the address of the database may not be known before.
                await services.GetRequiredService<CountCache>().CountAsync(acceptedAge: null, stoppingToken);
                return;
            }
            catch (DatabaseUnavailableException)
            {
                // Readiness and the requests tell why.
            }
            catch (CountNotReadyException) when (stoppingToken.IsCancellationRequested)
            {
                // The service stops, before there was a count.
                return;
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                // Callers that need a count try again, and meet what this one met.
                LogFailed(logger, exception.Message);
                return;
            }

            await Task.Delay(RetryDelay, time, stoppingToken);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The orders could not be counted at the start: {Reason}")]
    private static partial void LogFailed(ILogger logger, string reason);
}
