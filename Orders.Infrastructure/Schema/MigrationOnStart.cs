using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orders.Application;

namespace Orders.Infrastructure.Schema;

/// <summary>
/// Applies the schema when the service starts. It runs in the background, because the service must start also when the database is down.
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
                // Not by the constructor: the database's address may not be known yet when the host is built.
                await services.GetRequiredService<ISchemaMigrator>().MigrateAsync(stoppingToken);
                return;
            }
            catch (StartupException exception)
            {
                // Retrying would not help.
                LogFailed(logger, exception.Message);
                Environment.ExitCode = 1;
                lifetime.StopApplication();
                return;
            }
            catch (DatabaseUnavailableException exception)
            {
                if (exception.Message != lastReason)
                {
                    LogWaiting(logger, exception.MessageWithHint);
                    lastReason = exception.Message;
                }

                await Task.Delay(RetryDelay, time, stoppingToken);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Critical, Message = "{Sentence}")]
    private static partial void LogFailed(ILogger logger, string sentence);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The migration of the schema is waiting for the database: {Reason}")]
    private static partial void LogWaiting(ILogger logger, string reason);
}
