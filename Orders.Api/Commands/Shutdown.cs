using System.Runtime.InteropServices;

namespace Orders.Api.Commands;

/// <summary>Runs the service until it is told to stop. A second signal ends at once what still runs.</summary>
internal static class Shutdown
{
    /// <summary>What a shell expects of a program that a signal ended: this and the signal's number.</summary>
    private const int ExitCodeOfSignals = 128;

    private static readonly Dictionary<PosixSignal, int> Numbers = new() { [PosixSignal.SIGINT] = 2, [PosixSignal.SIGTERM] = 15 };

    /// <returns>The exit code: that of the framework, or that of the second signal.</returns>
    public static async Task<int> WaitAsync(WebApplication app, CancellationToken cancellationToken)
    {
        await StoppingAsync(app.Lifetime, cancellationToken);

        // Only now, so that the first signal is not taken for the second.
        int? second = null;
        using var now = new CancellationTokenSource();
        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
        using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
        try
        {
            await app.StopAsync(now.Token);
        }
        catch (OperationCanceledException) when (second is not null)
        {
            // Something was still being stopped.
        }

        return second ?? Environment.ExitCode;

        void End(PosixSignalContext signal)
        {
            signal.Cancel = true;
            second = ExitCodeOfSignals + Numbers[signal.Signal];
            now.Cancel();
        }
    }

    private static async Task StoppingAsync(IHostApplicationLifetime lifetime, CancellationToken cancellationToken)
    {
        var stopping = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using CancellationTokenRegistration ends = lifetime.ApplicationStopping.UnsafeRegister(_ => stopping.TrySetResult(), null);
        await using CancellationTokenRegistration stops = cancellationToken.UnsafeRegister(_ => lifetime.StopApplication(), null);
        await stopping.Task;
    }
}
