using System.Reflection;
using Microsoft.AspNetCore.Mvc;
using Microsoft.OpenApi;
using Orders.Api.Limits;
using Orders.Application;

namespace Orders.Api.OpenApi;

/// <summary>The headers of answers to requests that are under a rate limit.</summary>
internal static class LimitHeaders
{
    /// <summary>A caller that has used 43 of 100 requests.</summary>
    private const int Left = 57;

    private static readonly RateLimitPolicy Read = new("read", RateLimit.Parse("100/s"));
    private static readonly RateLimitPolicy Write = new("write", RateLimit.Parse("100/s"));

    /// <summary>The operation counts against a rate limit.</summary>
    public static bool AreOn(MethodInfo action) => action.DeclaringType!.GetCustomAttribute<RateLimitedAttribute>() is not null;

    public static RateLimitPolicy ExampleOf(MethodInfo action) => action.GetCustomAttribute<HttpGetAttribute>() is null ? Write : Read;

    public static Dictionary<string, IOpenApiHeader> Describe(MethodInfo action) => new()
    {
        [RateLimitPolicy.PolicyHeader] = Headers.Text(
            "Where a limit is set: its name, and how many requests (`q`) the caller may make in how many seconds (`w`).",
            ExampleOf(action).PolicyField),
        [RateLimitPolicy.LimitHeader] = Headers.Text(
            "Where a limit is set: how many requests are left (`r`), to be spread over so many seconds (`t`).",
            ExampleOf(action).LimitField(Left)),
    };
}
