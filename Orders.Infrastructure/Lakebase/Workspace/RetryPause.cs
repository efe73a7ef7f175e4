namespace Orders.Infrastructure.Lakebase.Workspace;

/// <summary>Computes the pause before a call to the workspace is repeated.</summary>
internal static class RetryPause
{
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    /// <summary>One to ten seconds, a quarter more or less so that clients spread; longer when the answer says so.</summary>
    /// <param name="failures">From 1.</param>
    /// <param name="asked">The pause that the answer asks for. It may be zero or negative.</param>
    public static TimeSpan After(int failures, TimeSpan? asked)
    {
        TimeSpan pause = failures < Longest / Step ? Step * failures : Longest;
        pause *= 0.75 + (Random.Shared.NextDouble() / 2);
        return asked > pause ? asked.Value : pause;
    }

    /// <summary>Reads <c>Retry-After</c>; null without it. A date in it is by the workspace's clock, as is the answer's own date.</summary>
    public static TimeSpan? Asked(HttpResponseMessage? response, TimeProvider time) => response?.Headers.RetryAfter switch
    {
        { Delta: { } delay } => delay,
        { Date: { } date } => date - (response.Headers.Date ?? time.GetUtcNow()),
        _ => null,
    };
}
