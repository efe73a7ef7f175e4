using System.Buffers;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using Microsoft.AspNetCore.WebUtilities;

namespace Orders.Api.Http;

/// <summary>Writes the <c>Link</c> header of a page (RFC 8288): the request's own query with another value of one parameter.</summary>
/// <remarks>A reference that is a query alone leads to the request's own path (RFC 3986, section 5.2), whatever a proxy has put before it.</remarks>
internal static class PageLinks
{
    public const string Next = "next";
    public const string Previous = "prev";
    public const string First = "first";
    public const string Last = "last";

    /// <summary>What a query may hold (RFC 3986, section 3.4), and <c>%</c>. A client may have sent more.</summary>
    private static readonly SearchValues<char> QueryCharacters = SearchValues.Create(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~!$&'()*+,;=:@/?%");

    /// <param name="context">The request.</param>
    /// <param name="parameter">The parameter that tells pages apart.</param>
    /// <param name="links">The relations, and its value in each; null where there is no such page.</param>
    public static void Write(HttpContext context, string parameter, params ReadOnlySpan<(string Relation, long? Value)> links)
    {
        string query = Encoded(context.Request.QueryString.Value ?? "");
        (Range before, Range after) = Around(query, parameter);
        bool isAppended = before.End.GetOffset(query.Length) == query.Length && query.Length > 1;
        string separator = isAppended ? "&" : "";
        var text = new DefaultInterpolatedStringHandler(0, 0, CultureInfo.InvariantCulture, stackalloc char[256]);
        bool isFirst = true;
        foreach ((string relation, long? value) in links)
        {
            if (value is not { } page)
            {
                continue;
            }

            text.AppendLiteral(isFirst ? "<?" : ", <?");
            text.AppendFormatted(query.AsSpan()[before]);
            text.AppendLiteral(separator);
            text.AppendLiteral(parameter);
            text.AppendLiteral("=");
            text.AppendFormatted(page);
            text.AppendFormatted(query.AsSpan()[after]);
            text.AppendLiteral(">; rel=\"");
            text.AppendLiteral(relation);
            text.AppendLiteral("\"");
            isFirst = false;
        }

        string header = text.ToStringAndClear();
        if (!isFirst)
        {
            context.Response.Headers.Link = header;
        }
    }

    /// <summary>What of a query comes before the parameter, and what after its value. Without it, it comes last.</summary>
    private static (Range Before, Range After) Around(string query, string parameter)
    {
        int start = 1;
        while (start < query.Length)
        {
            int length = query.AsSpan(start).IndexOf('&');
            int end = length < 0 ? query.Length : start + length;
            if (IsOf(query, start, end, parameter))
            {
                return (1..start, end..);
            }

            start = end + 1;
        }

        return (int.Min(1, query.Length).., query.Length..);
    }

    private static bool IsOf(string query, int start, int end, string parameter)
    {
        ReadOnlySpan<char> pair = query.AsSpan(start, end - start);
        if (pair.StartsWith(parameter) && (pair.Length == parameter.Length || pair[parameter.Length] == '='))
        {
            return true;
        }

        // A name may be encoded as well.
        if (pair.Contains('%'))
        {
            foreach (QueryStringEnumerable.EncodedNameValuePair decoded in new QueryStringEnumerable(query.AsMemory(start, end - start)))
            {
                return decoded.DecodeName().Span.SequenceEqual(parameter);
            }
        }

        return false;
    }

    /// <summary>A query that something may be appended to. What would end the reference early is encoded.</summary>
    private static string Encoded(string query)
    {
        if (query.AsSpan().ContainsAnyExcept(QueryCharacters))
        {
            StringBuilder encoded = new(query.Length + 16);
            foreach (Rune rune in query.EnumerateRunes())
            {
                encoded.Append(rune.IsAscii && QueryCharacters.Contains((char)rune.Value)
                    ? ((char)rune.Value).ToString()
                    : Uri.EscapeDataString(rune.ToString()));
            }

            query = encoded.ToString();
        }

        return query;
    }
}
