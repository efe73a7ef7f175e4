using System.Text;
using Microsoft.Extensions.Primitives;

namespace Orders.Api.Http;

/// <summary>The request header <c>Prefer</c> (RFC 7240). What it does not know, or what is malformed, is left out of account.</summary>
internal static class Preferences
{
    public const string Header = "Prefer";
    public const string Applied = "Preference-Applied";
    public const string Minimal = "return=minimal";

    /// <summary>The value of a preference. The first one counts, of all lines of the header.</summary>
    /// <returns>Null when the client has no such preference.</returns>
    public static string? Find(HttpRequest request, string name)
    {
        StringValues lines = request.Headers[Header];
        foreach (string? line in lines)
        {
            ReadOnlySpan<char> rest = line;
            while (!rest.IsEmpty)
            {
                ReadOnlySpan<char> preference = Take(ref rest, ',');
                ReadOnlySpan<char> pair = Take(ref preference, ';');
                ReadOnlySpan<char> token = Take(ref pair, '=').Trim(" \t");
                if (token.Equals(name, StringComparison.OrdinalIgnoreCase))
                {
                    return Unquoted(pair.Trim(" \t"));
                }
            }
        }

        return null;
    }

    /// <summary>The answer may be short: <c>return=minimal</c>.</summary>
    public static bool AreMinimal(HttpRequest request) =>
        request.Headers[Header].Count > 0 && Find(request, "return") == "minimal";

    /// <summary>What comes before a separator that is in no quoted string. The separator is taken as well.</summary>
    private static ReadOnlySpan<char> Take(ref ReadOnlySpan<char> text, char separator)
    {
        bool isQuoted = false;
        for (int index = 0; index < text.Length; index++)
        {
            if (isQuoted && text[index] == '\\')
            {
                index++;
            }
            else if (text[index] == '"')
            {
                isQuoted = !isQuoted;
            }
            else if (!isQuoted && text[index] == separator)
            {
                ReadOnlySpan<char> taken = text[..index];
                text = text[(index + 1)..];
                return taken;
            }
        }

        ReadOnlySpan<char> all = text;
        text = default;
        return all;
    }

    /// <summary>The value of a token or of a quoted string. A quotation without an end is as it is, and so no value that is known.</summary>
    private static string Unquoted(ReadOnlySpan<char> value)
    {
        if (value is not ['"', .., '"'] || value.Length < 2)
        {
            return value.ToString();
        }

        var text = new StringBuilder(value.Length);
        for (int index = 1; index < value.Length - 1; index++)
        {
            index += value[index] == '\\' ? 1 : 0;
            text.Append(value[index]);
        }

        return text.ToString();
    }
}
