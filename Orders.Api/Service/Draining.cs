using Microsoft.Extensions.Options;
using Orders.Application;

namespace Orders.Api.Service;

/// <summary>
/// The first part of a shutdown. Readiness says no, so that balancers take this instance out, and all that still comes is served, for
/// <see cref="OrdersOptions.ShutdownDelay"/>. Then the host stops the server: it takes no new connections and ends the requests that run.
/// </summary>
public sealed partial class Draining(
    IOptions<OrdersOptions> options, IHostEnvironment environment, IHostApplicationLifetime lifetime, TimeProvider time,
    ILogger<Draining> logger) : IHostedLifecycleService
{
    private volatile bool _hasBegun;

    /// <summary>The service was told to stop.</summary>
    public bool HasBegun => _hasBegun;

    /// <summary>0 in Development, where nothing balances and somebody waits.</summary>
    private TimeSpan Delay => options.Value.ShutdownDelay?.Value
        ?? (environment.IsDevelopment() ? TimeSpan.Zero : OrdersOptions.DefaultShutdownDelay);

    /// <summary>How long all of the shutdown may take.</summary>
    /// <param name="margin">What the rest of the service takes to stop, after the last request.</param>
    public TimeSpan Limit(TimeSpan margin) => Delay + options.Value.RequestTimeout.Value + margin;

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        _hasBegun = true;
        if (Delay == TimeSpan.Zero || !lifetime.ApplicationStarted.IsCancellationRequested)
        {
            return;
        }

        LogDrains(logger, Delay.TotalSeconds, $"{OrdersOptions.Section}:{nameof(OrdersOptions.ShutdownDelay)}");
        try
        {
            await Task.Delay(Delay, time, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // A second signal: the host goes on with the shutdown.
        }
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(
        Level = LogLevel.Information, Message = "Told to stop: readiness says no; requests are served for {Seconds} s more ({Setting})")]
    private static partial void LogDrains(ILogger logger, double seconds, string setting);
}
