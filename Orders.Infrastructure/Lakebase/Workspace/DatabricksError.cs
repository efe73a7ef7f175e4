using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Orders.Infrastructure.Lakebase.Workspace;

/// <summary>
/// Reads the error bodies of a workspace and of proxies in front of it: those of the API, of SCIM and of the two sign-in services, lines
/// of the form <c>CODE: message</c>, HTML pages, and empty bodies.
/// </summary>
internal static partial class DatabricksError
{
    private const int LongestMessage = 300;
    private const int LongestCode = 60;

    /// <param name="status">The code of a body that has none, as <c>HTTP_404</c>: no code of the API's own can be taken for it.</param>
    /// <param name="reasonPhrase">The message of a body that has none.</param>
    /// <param name="body">The body of the answer.</param>
    /// <param name="secrets">
    /// Secrets of the request that a body may repeat, which are masked. They are searched in the decoded text: a body may have them
    /// encoded, with a <c>+</c> as <c>\u002B</c> or <c>&amp;#43;</c>.
    /// </param>
    public static (string Code, string Message) Read(
        HttpStatusCode status, string? reasonPhrase, string body, params IReadOnlyList<string> secrets)
    {
        string phrase = string.IsNullOrWhiteSpace(reasonPhrase) ? status.ToString() : reasonPhrase;
        (string? code, string? message) = FromJson(body) ?? FromLine(body) ?? FromHtml(body) ?? (null, null);
        return (
            Code(Masked(code, secrets)) ?? string.Create(CultureInfo.InvariantCulture, $"HTTP_{(int)status}"),
            Message(Masked(message, secrets)) ?? Masked(phrase, secrets));
    }

    private static (string? Code, string? Message)? FromJson(string body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            JsonElement root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object)
            {
                return null;
            }

            string? scim = Text(root, "detail") is null ? null : $"SCIM_{Text(root, "status")}";
            string? oauth = Text(root, "error_description") is null ? null : Text(root, "error");
            return (
                Text(root, "error_code") ?? Text(root, "errorCode") ?? oauth ?? scim,
                Text(root, "message") ?? Text(root, "error_description") ?? Text(root, "errorSummary")
                ?? Text(root, "detail") ?? Text(root, "error"));
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static (string? Code, string? Message)? FromLine(string body) =>
        Line().Match(body) is { Success: true } match ? (match.Groups[1].Value, match.Groups[2].Value) : null;

    private static (string? Code, string? Message)? FromHtml(string body)
    {
        Match match = Preformatted().Match(body);
        match = match.Success ? match : Title().Match(body);
        return match.Success ? (null, WebUtility.HtmlDecode(Tag().Replace(match.Groups[1].Value, " "))) : null;
    }

    private static string? Text(JsonElement parent, string name) => parent.TryGetProperty(name, out JsonElement value)
        ? value.ValueKind switch
        {
            JsonValueKind.String => value.GetString(),
            JsonValueKind.Number => value.GetRawText(),
            _ => null,
        }
        : null;

    private static string Masked(string? text, IReadOnlyList<string> secrets) =>
        secrets.Aggregate(text ?? "", static (masked, secret) => masked.Replace(secret, Secret.Mask, StringComparison.Ordinal));

    /// <summary>Clients see the code, so only the characters of a code pass.</summary>
    private static string? Code(string text)
    {
        string code = NoCode().Replace(text, "_").Trim('_');
        return code.Length == 0 ? null : code[..Math.Min(code.Length, LongestCode)];
    }

    private static string? Message(string text)
    {
        string message = Blank().Replace(text, " ").Trim();
        return message.Length switch
        {
            0 => null,
            <= LongestMessage => message,
            _ => string.Create(CultureInfo.InvariantCulture, $"{message.AsSpan(0, LongestMessage)}…"),
        };
    }

    [GeneratedRegex(@"^\s*([A-Z][A-Z_]+): (.+)", RegexOptions.Singleline)]
    private static partial Regex Line();

    [GeneratedRegex("<pre[^>]*>(.*?)</pre>", RegexOptions.Singleline | RegexOptions.IgnoreCase)]
    private static partial Regex Preformatted();

    [GeneratedRegex("<title[^>]*>(.*?)</title>", RegexOptions.Singleline | RegexOptions.IgnoreCase)]
    private static partial Regex Title();

    [GeneratedRegex("<[^>]*>")]
    private static partial Regex Tag();

    [GeneratedRegex(@"[^A-Za-z0-9_]+")]
    private static partial Regex NoCode();

    [GeneratedRegex(@"[\s\p{C}]+")]
    private static partial Regex Blank();
}
