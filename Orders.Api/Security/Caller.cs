using System.Security.Claims;

namespace Orders.Api.Security;

/// <summary>Who made a request, for logs and records.</summary>
/// <param name="trustedUserHeader">The header in which a trusted proxy names the person; null when none is trusted.</param>
public sealed class Caller(string? trustedUserHeader)
{
    /// <summary>The name of a caller without credentials in the log.</summary>
    public const string Anonymous = "anonymous";

    /// <summary>The longest e-mail address is 254 characters (RFC 5321), the longest subject of a token 255 (OpenID Connect).</summary>
    private const int MaxLength = 256;

    /// <returns>The subject of a token, or an API key's name; null for a caller without credentials.</returns>
    public static string? NameOf(ClaimsPrincipal user) =>
        user?.Identity is { IsAuthenticated: true, Name: { } name } ? Printable(name) : null;

    /// <summary>The caller by its credentials, else the person whom a trusted proxy names; null when both are unknown.</summary>
    public string? NameIn(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return NameOf(context.User) ?? ForwardedName(context.Request);
    }

    /// <summary>A header that came twice was not written by the proxy alone. It may be joined in one line.</summary>
    private string? ForwardedName(HttpRequest request) =>
        trustedUserHeader is not null && request.Headers[trustedUserHeader] is [{ Length: > 0 and <= MaxLength } name]
        && !name.Contains(',', StringComparison.Ordinal) ? Printable(name) : null;

    /// <summary>No name breaks a line of a log, or moves the cursor of a terminal.</summary>
    private static string Printable(string name)
    {
        string cut = name.Length > MaxLength ? name[..MaxLength] : name;
        return cut.Any(char.IsControl) ? string.Concat(cut.Select(character => char.IsControl(character) ? '\uFFFD' : character)) : cut;
    }
}
