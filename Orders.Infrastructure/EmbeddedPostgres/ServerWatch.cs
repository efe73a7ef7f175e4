using Microsoft.Extensions.Logging;
using Orders.Application;

namespace Orders.Infrastructure.EmbeddedPostgres;

/// <summary>
/// Restarts the server when it crashes or is killed while it is in use. It does not restart a server that was stopped cleanly.
/// </summary>
internal sealed partial class ServerWatch : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    private readonly CancellationTokenSource _end = new();
    private readonly ServerProcess _process;
    private readonly ServerFolder _folder;
    private readonly ILogger _logger;
    private readonly Task _watching;

    public ServerWatch(ServerProcess process, ServerFolder folder, ILogger logger)
    {
        (_process, _folder, _logger) = (process, folder, logger);
        _watching = WatchAsync(_end.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _watching;
        _end.Dispose();
    }

    private async Task WatchAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var timer = new PeriodicTimer(Interval);
            while (await timer.WaitForNextTickAsync(cancellationToken))
            {
                if (await _process.HasCrashedAsync())
                {
                    await using FileStream _ = await FileLock.AcquireAsync(_folder.Lock, cancellationToken);
                    if (await _process.HasCrashedAsync())
                    {
                        LogCrashed(_logger, _folder.Log);
                        await _process.StartAsync(cancellationToken);
                    }
                }
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // DisposeAsync ends the watch.
        }
        catch (Exception exception) when (exception is StartupException or IOException or UnauthorizedAccessException)
        {
            LogRestartFailed(_logger, exception.Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The private PostgreSQL server was killed and is being restarted. Its log is {Log}")]
    private static partial void LogCrashed(ILogger logger, string log);

    [LoggerMessage(Level = LogLevel.Error, Message = "The private PostgreSQL server can't be restarted: {Reason}")]
    private static partial void LogRestartFailed(ILogger logger, string reason);
}
