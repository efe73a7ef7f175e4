namespace Orders.Api.Security;

/// <summary>Reads the name of the caller from the headers of a proxy that has authenticated the person.</summary>
/// <param name="isTrusted">Every request comes through such a proxy. Otherwise a client could send any name, and none is read.</param>
public sealed class ForwardedCaller(bool isTrusted)
{
    /// <summary>The longest e-mail address is 254 characters (RFC 5321).</summary>
    private const int MaxLength = 256;

    /// <summary>The headers of Databricks Apps and oauth2-proxy, the most readable name first.</summary>
    private static readonly string[] Headers = ["X-Forwarded-Email", "X-Forwarded-Preferred-Username", "X-Forwarded-User"];

    /// <returns>Null when the caller is unknown.</returns>
    public string? NameIn(HttpRequest request) => isTrusted
        && Headers.Select(header => request.Headers[header])
            .FirstOrDefault(values => values.Count > 0) is [{ Length: > 0 and <= MaxLength } name]
        && !IsList(name) ? name : null;

    /// <summary>A header that came twice was not written by the proxy alone. It may be joined in one line.</summary>
    private static bool IsList(string value) => value.Contains(',', StringComparison.Ordinal);
}
