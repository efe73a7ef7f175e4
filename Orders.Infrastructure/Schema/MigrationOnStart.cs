using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orders.Application;

namespace Orders.Infrastructure.Schema;

/// <summary>
/// Applies the schema when the service starts, in the background: a database that isn't there yet must not keep it from starting.
/// </summary>
internal sealed partial class MigrationOnStart(
    IServiceProvider services, TimeProvider time, IHostApplicationLifetime lifetime, ILogger<MigrationOnStart> logger) : BackgroundService
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        string? lastReason = null;
        while (true)
        {
            try
            {
                // Not before: where its database is may not be known yet when the host is put together.
                await services.GetRequiredService<ISchemaMigrator>().MigrateAsync(stoppingToken);
                return;
            }
            catch (StartupException exception)
            {
                // To wait would not mend it.
                LogFailed(logger, exception.Message);
                Environment.ExitCode = 1;
                lifetime.StopApplication();
                return;
            }
            catch (DatabaseUnavailableException exception)
            {
                if (exception.Message != lastReason)
                {
                    LogWaiting(logger, $"{exception.Message} {exception.Hint}".TrimEnd());
                    lastReason = exception.Message;
                }

                await Task.Delay(RetryDelay, time, stoppingToken);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Critical, Message = "{Sentence}")]
    private static partial void LogFailed(ILogger logger, string sentence);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The schema waits for the database: {Reason}")]
    private static partial void LogWaiting(ILogger logger, string reason);
}
