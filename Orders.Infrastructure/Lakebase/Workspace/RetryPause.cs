namespace Orders.Infrastructure.Lakebase.Workspace;

/// <summary>How long is waited before a call to the workspace is repeated.</summary>
internal static class RetryPause
{
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    /// <summary>One to ten seconds, a quarter more or less, so that clients spread; and as long as the answer says, if that is longer.</summary>
    /// <param name="failures">From 1.</param>
    /// <param name="asked">What the answer says, which may be none at all: 0 seconds, or a moment that has passed.</param>
    public static TimeSpan After(int failures, TimeSpan? asked)
    {
        TimeSpan pause = failures < Longest / Step ? Step * failures : Longest;
        pause *= 0.75 + (Random.Shared.NextDouble() / 2);
        return asked > pause ? asked.Value : pause;
    }

    /// <summary>What the header <c>Retry-After</c> says; null without it. A date in it is by the workspace's clock, as the answer's own date is.</summary>
    public static TimeSpan? Asked(HttpResponseMessage? response, TimeProvider time) => response?.Headers.RetryAfter switch
    {
        { Delta: { } delay } => delay,
        { Date: { } date } => date - (response.Headers.Date ?? time.GetUtcNow()),
        _ => null,
    };
}
