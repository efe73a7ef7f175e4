using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http.Resilience;
using Polly;
using Polly.Retry;
using Polly.Timeout;

namespace Orders.Infrastructure.Lakebase.Workspace;

/// <summary>
/// Repeats calls to the workspace as Databricks' own clients do: after 429 and 503 as late as the answer says, and without an answer
/// after one to ten seconds.
/// </summary>
internal static class WorkspaceResilience
{
    private static readonly TimeSpan AttemptTimeout = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan TotalTimeout = TimeSpan.FromSeconds(300);

    /// <summary>The status of the last answer: the last attempt may get none.</summary>
    public static readonly HttpRequestOptionsKey<HttpStatusCode> LastStatus = new("LastStatus");

    public static void Configure(ResiliencePipelineBuilder<HttpResponseMessage> pipeline, ResilienceHandlerContext context)
    {
        TimeProvider time = context.ServiceProvider.GetRequiredService<TimeProvider>();
        pipeline.TimeProvider = time;
        pipeline
            .AddTimeout(TotalTimeout)
            .AddRetry(new HttpRetryStrategyOptions
            {
                MaxRetryAttempts = int.MaxValue,
                ShouldHandle = arguments => ValueTask.FromResult(IsTransient(arguments.Outcome, time)),
                OnRetry = Remember,

                // The strategy's own handling of Retry-After does not pause at all for 0 seconds and for dates in the past.
                ShouldRetryAfterHeader = false,
                DelayGenerator = arguments => ValueTask.FromResult<TimeSpan?>(
                    RetryPause.After(arguments.AttemptNumber + 1, RetryPause.Asked(arguments.Outcome.Result, time))),
            })
            .AddTimeout(AttemptTimeout);
    }

    private static bool IsTransient(Outcome<HttpResponseMessage> outcome, TimeProvider time) => outcome switch
    {
        {
            Exception: HttpRequestException { HttpRequestError: not HttpRequestError.ConfigurationLimitExceeded }
            or TimeoutRejectedException
        } => true,

        // When Retry-After lies beyond the time limit of the call, the call ends with this answer.
        { Result: { StatusCode: HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable } response } =>
            RetryPause.Asked(response, time) is not { } asked || asked < TotalTimeout,
        _ => false,
    };

    private static ValueTask Remember(OnRetryArguments<HttpResponseMessage> arguments)
    {
        if (arguments.Outcome.Result is { RequestMessage: { } request } response)
        {
            request.Options.Set(LastStatus, response.StatusCode);
        }

        return ValueTask.CompletedTask;
    }
}
