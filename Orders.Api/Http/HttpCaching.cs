using System.Globalization;
using Microsoft.Net.Http.Headers;
using Orders.Application.Orders;

namespace Orders.Api.Http;

/// <summary>What a request allows of a remembered count, and what answers say to caches (RFC 9111).</summary>
public sealed class HttpCaching(CountCache counter)
{
    private readonly string _maxAge = $"max-age={((long)counter.MaxAge.TotalSeconds).ToString(CultureInfo.InvariantCulture)}";

    /// <summary>The age a request allows by <c>no-cache</c> or <c>max-age</c>; null when it leaves that to the service.</summary>
    public TimeSpan? AcceptedAge(HttpRequest request) =>
        request.Headers.CacheControl.Count > 0 && request.GetTypedHeaders().CacheControl is { } cacheControl
            ? cacheControl.NoCache ? TimeSpan.Zero : cacheControl.MaxAge
            : null;

    public void DescribeCount(HttpResponse response, OrderCount count)
    {
        response.Headers.CacheControl = _maxAge;
        response.Headers.Age = Seconds(count.Age);
    }

    /// <summary>
    /// A page's totals may be as old as the count, its orders may not: the age is told, and a cache has to ask again all the same.
    /// </summary>
    public void DescribeTotal(HttpResponse response, OrderCount? total)
    {
        if (total is not { } count)
        {
            RequireRevalidation(response);
            return;
        }

        response.Headers.CacheControl = $"no-cache, {_maxAge}";
        response.Headers.Age = Seconds(count.Age);
    }

    /// <summary>Orders are read from the table each time, so that every read after a change of status shows it.</summary>
    public static void RequireRevalidation(HttpResponse response) => response.Headers.CacheControl = CacheControlHeaderValue.NoCacheString;

    private static string Seconds(TimeSpan age) => ((long)age.TotalSeconds).ToString(CultureInfo.InvariantCulture);
}
