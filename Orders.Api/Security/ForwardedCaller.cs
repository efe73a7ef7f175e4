namespace Orders.Api.Security;

/// <summary>Who sent a request, by the headers of a proxy that has signed the person in.</summary>
/// <param name="isTrusted">Whether every request passes such a proxy. If not, anyone could call himself anything, so nobody is named.</param>
public sealed class ForwardedCaller(bool isTrusted)
{
    /// <summary>The longest e-mail address is 254 characters (RFC 5321).</summary>
    private const int MaxLength = 256;

    /// <summary>What the proxy of Databricks Apps sends, and oauth2-proxy as well; what a person reads best first.</summary>
    private static readonly string[] Headers = ["X-Forwarded-Email", "X-Forwarded-Preferred-Username", "X-Forwarded-User"];

    /// <summary>Null when it is not known.</summary>
    public string? NameIn(HttpRequest request) => isTrusted
        && Headers.Select(header => request.Headers[header]).FirstOrDefault(values => values.Count > 0) is [{ Length: > 0 and <= MaxLength } name]
        && !IsList(name) ? name : null;

    /// <summary>A header that came twice, in two lines or joined in one, was not written by the proxy alone, and names nobody.</summary>
    private static bool IsList(string value) => value.Contains(',', StringComparison.Ordinal);
}
