using System.Globalization;
using System.Threading.RateLimiting;
using Orders.Application;

namespace Orders.Api.Limits;

/// <summary>A rate limit as clients meet it: its token bucket, and its header fields (draft-ietf-httpapi-ratelimit-headers-11).</summary>
/// <param name="name">The name on the wire.</param>
/// <param name="limit">How often, and how many at once.</param>
internal sealed class RateLimitPolicy(string name, RateLimit limit)
{
    public const string PolicyHeader = "RateLimit-Policy";
    public const string LimitHeader = "RateLimit";

    /// <summary>Like <c>"read";q=100;w=1</c>; a burst of its own is a parameter of ours, as the draft has none for it.</summary>
    public string PolicyField { get; } =
        string.Create(CultureInfo.InvariantCulture, $"\"{name}\";q={limit.Requests};w={limit.Window.TotalSeconds}")
        + (limit.Burst == limit.Requests ? "" : string.Create(CultureInfo.InvariantCulture, $";orders-burst={limit.Burst}"));

    public string Name => name;

    public int Burst => limit.Burst;

    /// <summary>One token at a time, so that a lease that failed tells how long the missing ones take.</summary>
    public TokenBucketRateLimiterOptions Bucket { get; } = new()
    {
        TokenLimit = limit.Burst,
        TokensPerPeriod = 1,
        ReplenishmentPeriod = limit.Window / limit.Requests,
        QueueLimit = 0,
    };

    /// <summary>
    /// Like <c>"read";r=57;t=1</c>: so many requests are left, and last so many seconds at the policy's rate. A client that spreads them
    /// over that time never meets the limit.
    /// </summary>
    public string LimitField(long available)
    {
        int seconds = WholeSeconds(Bucket.ReplenishmentPeriod * long.Max(available, 1));
        return string.Create(CultureInfo.InvariantCulture, $"\"{name}\";r={available};t={seconds}");
    }

    public string Describe() => $"{name} requests, {limit}";

    public static int WholeSeconds(TimeSpan time) => (int)double.Ceiling(time.TotalSeconds);
}
