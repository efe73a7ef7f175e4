using Microsoft.Extensions.Primitives;

namespace Orders.Api.Security;

/// <summary>What a request brings to say who sends it.</summary>
/// <param name="ApiKey">The header <c>X-API-Key</c>; null without one.</param>
/// <param name="Token">The token of <c>Authorization: Bearer</c> (RFC 6750); null without one, and for other schemes.</param>
internal readonly record struct Credentials(string? ApiKey, string? Token)
{
    public const string ApiKeyHeader = "X-API-Key";
    public const string Bearer = "Bearer";

    /// <summary>A signed JWT has three parts.</summary>
    private const int DotsInToken = 2;

    public bool AreSent => ApiKey is not null || Token is not null;

    public static Credentials Of(HttpRequest request)
    {
        StringValues key = request.Headers[ApiKeyHeader];
        StringValues authorization = request.Headers.Authorization;

        // A header that came twice is joined to one value, which is no key and no token.
        string? apiKey = key.Count == 0 ? null : key.ToString();
        string? token = authorization.Count == 0 ? null : TokenIn(authorization.ToString());
        if (apiKey is null || apiKey != token)
        {
            return new Credentials(apiKey, token);
        }

        // Generated clients put the one thing that they are given into every header of the document.
        return apiKey.AsSpan().Count('.') == DotsInToken ? new Credentials(null, token) : new Credentials(apiKey, null);
    }

    private static string? TokenIn(string authorization) =>
        authorization.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase)
        && (authorization.Length == Bearer.Length || authorization[Bearer.Length] == ' ')
            ? authorization[Bearer.Length..].Trim()
            : null;
}
