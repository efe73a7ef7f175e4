using System.Globalization;
using Microsoft.Net.Http.Headers;
using Orders.Application.Orders;

namespace Orders.Api.Http;

/// <summary>Reads and writes the headers of HTTP caching (RFC 9111). Orders are <c>private</c>: no shared cache may keep them.</summary>
public sealed class CacheHeaders(CountCache counter)
{
    private static readonly string Revalidated = $"{CacheControlHeaderValue.PrivateString}, {CacheControlHeaderValue.NoCacheString}";

    private readonly string _count = $"{CacheControlHeaderValue.PrivateString}, {MaxAge(counter)}";
    private readonly string _page = $"{Revalidated}, {MaxAge(counter)}";

    /// <summary>
    /// The maximum age of a count that the request accepts, by <c>no-cache</c> or <c>max-age</c>; null when it does not say.
    /// </summary>
    public TimeSpan? AcceptedAge(HttpRequest request) =>
        request.Headers.CacheControl.Count > 0 && request.GetTypedHeaders().CacheControl is { } cacheControl
            ? cacheControl.NoCache ? TimeSpan.Zero : cacheControl.MaxAge
            : null;

    public void WriteCount(HttpResponse response, OrderCount count)
    {
        response.Headers.CacheControl = _count;
        response.Headers.Age = Seconds(count.Age);
    }

    /// <summary>
    /// The totals of a page may be old, its orders may not: <c>Age</c> is that of the totals, and a cache must revalidate the page.
    /// </summary>
    public void WritePage(HttpResponse response, OrderCount? total)
    {
        if (total is not { } count)
        {
            RequireRevalidation(response);
            return;
        }

        response.Headers.CacheControl = _page;
        response.Headers.Age = Seconds(count.Age);
    }

    /// <summary>Every read after a change of status must show it, so a cache must revalidate.</summary>
    public static void RequireRevalidation(HttpResponse response) => response.Headers.CacheControl = Revalidated;

    private static string MaxAge(CountCache counter) => $"{CacheControlHeaderValue.MaxAgeString}={Seconds(counter.MaxAge)}";

    private static string Seconds(TimeSpan age) => ((long)age.TotalSeconds).ToString(CultureInfo.InvariantCulture);
}
