using Microsoft.Net.Http.Headers;
using Orders.Api.Http;
using Orders.Application.Orders;

namespace Orders.Api.Orders;

/// <summary>The preference <c>count</c>, as PostgREST has it: <c>exact</c> with totals, <c>none</c> without.</summary>
internal static class CountPreference
{
    private const string Name = "count";
    private const string Exact = "exact";
    private const string None = "none";

    /// <returns>Null when there is none that counts: what the query says comes first.</returns>
    public static bool? Of(HttpRequest request) =>
        request.Headers[Preferences.Header].Count == 0
            || new ExactQueryValueProvider(request.QueryString).ContainsPrefix("include_count")
            ? null
            : Preferences.Find(request, Name) switch
            {
                Exact => true,
                None => false,
                _ => null,
            };

    public static void WriteApplied(HttpResponse response, bool? preferred, OrderPage page)
    {
        // Whether a request has the preference or not (RFC 7240, section 2).
        response.Headers.Append(HeaderNames.Vary, Preferences.Header);
        if (preferred is { } isExact && (page.Total is not null || !isExact))
        {
            response.Headers[Preferences.Applied] = $"{Name}={(isExact ? Exact : None)}";
        }
    }
}
