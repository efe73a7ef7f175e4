using System.Security.Claims;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Orders.Api.Http;
using Orders.Application;

namespace Orders.Api.Service;

/// <summary>What is answered to who asks whether the service can do its work.</summary>
public sealed class HealthReporter(Readiness readiness, Draining draining)
{
    /// <returns>An error, or the answer that all is well.</returns>
    /// <exception cref="OperationCanceledException">The caller's token was cancelled.</exception>
    internal async Task<(ApiError? Error, HealthResponse Answer)> ReadyAsync(ClaimsPrincipal caller, CancellationToken cancellationToken)
    {
        if (draining.HasBegun)
        {
            return (ApiError.ShuttingDown, HealthResponse.Ready);
        }

        HealthReport report = await readiness.CheckAsync(cancellationToken);
        return report.Status == HealthStatus.Healthy
            ? (null, HealthResponse.Ready with { Detail = Description(report) })
            : (ApiError.DatabaseUnavailable(Reason(caller, report)), HealthResponse.Ready);
    }

    /// <summary>The description is for the log. Of an error that can't be told apart, nothing is shown.</summary>
    private static string Reason(ClaimsPrincipal caller, HealthReport report) =>
        report.Entries.Values.Select(entry => entry.Exception).OfType<DatabaseUnavailableException>().FirstOrDefault() is { } unavailable
            ? OperatorHint.SentenceFor(caller, unavailable)
            : "The database did not answer the check in time.";

    private static string? Description(HealthReport report) =>
        report.Entries.Values.Select(entry => entry.Description).FirstOrDefault(description => description is not null);
}
