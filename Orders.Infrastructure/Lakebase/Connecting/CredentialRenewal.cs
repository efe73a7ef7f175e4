using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orders.Infrastructure.Lakebase.Workspace;

namespace Orders.Infrastructure.Lakebase.Connecting;

/// <summary>Renews the database password while the service runs. It is one loop, so at most one request is in flight.</summary>
internal sealed partial class CredentialRenewal(
    DatabaseCredentials credentials, Func<CancellationToken, Task<DatabaseCredential>> issue, TimeProvider time,
    ILogger<CredentialRenewal> logger)
    : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        CredentialMetrics.Observe(credentials);
        try
        {
            for (int failures = 0; ;)
            {
                TimeSpan pause;
                credentials.Begin();
                try
                {
                    long askedAt = time.GetTimestamp();
                    DatabaseCredential credential = await issue(stoppingToken);
                    LogIssued(credential, failures);
                    failures = 0;
                    pause = RenewalDelay.After(credential);
                    credentials.Succeed(credential, askedAt);
                    CredentialMetrics.RecordRenewal(hasSucceeded: true);
                }
                catch (Exception exception) when (exception is not OperationCanceledException || !stoppingToken.IsCancellationRequested)
                {
                    DatabricksException failure = UnexpectedFailure.Of(exception, logger);
                    pause = RenewalDelay.AfterFailure(++failures);
                    LogFailed(logger, failure.Message, failure.Code, pause.TotalSeconds);
                    credentials.Fail(failure);
                    CredentialMetrics.RecordRenewal(hasSucceeded: false);
                }

                await PauseAsync(pause, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The service stops.
        }
    }

    private async Task PauseAsync(TimeSpan pause, CancellationToken stoppingToken)
    {
        try
        {
            await credentials.Wanted.WaitAsync(pause, time, stoppingToken);
            LogRefused(logger);
        }
        catch (TimeoutException)
        {
            // The pause is over, and no login was refused meanwhile.
        }
    }

    private void LogIssued(DatabaseCredential credential, int failures)
    {
        if (credential.Lifetime.IsAssumed)
        {
            LogAssumed(logger, credential.Lifetime.Duration.TotalMinutes);
        }

        if (failures > 0)
        {
            LogBack(logger, failures);
        }
    }

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The database credential could not be renewed: {Cause} ({Code}) Next try in {Seconds:0.#} s.")]
    private static partial void LogFailed(ILogger logger, string cause, string code, double seconds);

    [LoggerMessage(Level = LogLevel.Information, Message = "The database credential is renewed again, after {Failures} failures.")]
    private static partial void LogBack(ILogger logger, int failures);

    [LoggerMessage(Level = LogLevel.Information, Message = "The database refused the credential before its end: a new one is asked for.")]
    private static partial void LogRefused(ILogger logger);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The end of the database credential can't be read or has passed already: "
            + "it is taken to last {Minutes:0} minutes.")]
    private static partial void LogAssumed(ILogger logger, double minutes);
}
