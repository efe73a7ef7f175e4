using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http.Resilience;
using Polly;
using Polly.Retry;
using Polly.Timeout;

namespace Orders.Infrastructure.Lakebase.Workspace;

/// <summary>
/// Which calls to the workspace are repeated, and for how long: as Databricks' own clients do it. What is asked for too often or at
/// a bad moment (429, 503) waits as long as the answer says, and what got no answer is tried again after one to ten seconds.
/// </summary>
internal static class WorkspaceResilience
{
    private static readonly TimeSpan AttemptTimeout = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan TotalTimeout = TimeSpan.FromSeconds(300);

    /// <summary>What the workspace answered before the last attempt, which may get no answer.</summary>
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

                // The strategy's own reading of Retry-After takes 0 seconds and dates that have passed literally: without any pause.
                ShouldRetryAfterHeader = false,
                DelayGenerator = arguments => ValueTask.FromResult<TimeSpan?>(
                    RetryPause.After(arguments.AttemptNumber + 1, RetryPause.Asked(arguments.Outcome.Result, time))),
            })
            .AddTimeout(AttemptTimeout);
    }

    private static bool IsTransient(Outcome<HttpResponseMessage> outcome, TimeProvider time) => outcome switch
    {
        { Exception: HttpRequestException { HttpRequestError: not HttpRequestError.ConfigurationLimitExceeded } or TimeoutRejectedException } => true,

        // A call that is onProgress to come back after the time for it is over ends with the answer that there is.
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
