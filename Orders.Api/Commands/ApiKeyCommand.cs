using System.CommandLine;
using Orders.Api.Security;

namespace Orders.Api.Commands;

/// <summary><c>api-key create</c>: makes a key for a caller, and the settings with which the service takes it.</summary>
internal static class ApiKeyCommand
{
    public static Command Create()
    {
        var name = new Option<string>("--name")
        {
            Description = "Who gets the key: letters, digits, - and _. Logs and records show it.",
            Required = true,
        };
        name.Validators.Add(result =>
        {
            string text = result.GetValueOrDefault<string>() ?? "";
            if (text.Length == 0 || !text.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_'))
            {
                result.AddError("--name takes letters, digits, - and _, as it becomes a part of settings' names.");
            }
        });
        var scopes = new Option<string[]>("--scope")
        {
            Description = "What the caller may do; may be given more than once.",
            Required = true,
            AllowMultipleArgumentsPerToken = true,
        };
        scopes.AcceptOnlyFromAmong([.. Scopes.All]);
        var expires = new Option<string?>("--expires")
        {
            Description = "From when on the key is not taken, such as 2027-01-31T00:00:00Z. Left out: never.",
        };
        expires.Validators.Add(result =>
        {
            if (!ApiKeys.TryReadTime(result.GetValueOrDefault<string>() ?? "", out _))
            {
                result.AddError("--expires takes a time with its offset such as 2027-01-31T00:00:00Z.");
            }
        });
        var create = new Command("create", "Make a random key of 256 bits, and show it once with the settings that let it in.")
        {
            name, scopes, expires,
        };
        create.SetAction(parsed => Write(
            parsed.InvocationConfiguration.Output, parsed.GetRequiredValue(name), parsed.GetRequiredValue(scopes),
            parsed.GetValue(expires)));
        return new Command("api-key", "Keys for callers without an identity provider.") { create };
    }

    private static void Write(TextWriter output, string name, string[] scopes, string? expires)
    {
        string key = ApiKey.Generate();
        string section = $"{ApiKeys.Section}:{name}".Replace(":", "__", StringComparison.Ordinal);
        output.WriteLine($"Key, which nobody can show again; send it as {Credentials.ApiKeyHeader}:");
        output.WriteLine(key);
        output.WriteLine();
        output.WriteLine("Settings of the service, as environment variables:");
        output.WriteLine($"{section}__Sha256={Convert.ToHexStringLower(ApiKey.Digest(key))}");
        output.WriteLine($"{section}__Scopes={string.Join(' ', scopes.Distinct())}");
        if (expires is not null)
        {
            output.WriteLine($"{section}__Expires={expires}");
        }
    }
}
