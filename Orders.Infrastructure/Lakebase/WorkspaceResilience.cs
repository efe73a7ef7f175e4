using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http.Resilience;
using Polly;
using Polly.Retry;
using Polly.Timeout;

namespace Orders.Infrastructure.Lakebase;

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
        pipeline.TimeProvider = context.ServiceProvider.GetRequiredService<TimeProvider>();
        pipeline
            .AddTimeout(TotalTimeout)
            .AddRetry(new HttpRetryStrategyOptions
            {
                MaxRetryAttempts = int.MaxValue,
                BackoffType = DelayBackoffType.Linear,
                Delay = TimeSpan.FromSeconds(1),
                MaxDelay = TimeSpan.FromSeconds(10),
                UseJitter = true,
                ShouldRetryAfterHeader = true,
                ShouldHandle = arguments => ValueTask.FromResult(IsPassing(arguments.Outcome)),
                OnRetry = Remember,
            })
            .AddTimeout(AttemptTimeout);
    }

    private static bool IsPassing(Outcome<HttpResponseMessage> outcome) => outcome switch
    {
        { Exception: HttpRequestException or TimeoutRejectedException } => true,

        // Who is told to come back after the time for it is over goes with the answer that there is.
        { Result: { StatusCode: HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable } response } =>
            response.Headers.RetryAfter?.Delta is not { } delay || delay < TotalTimeout,
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
