using Orders.Application;

namespace Orders.Api.Security;

/// <summary>What callers may be allowed to do. Each is the name of an authorization policy too.</summary>
internal static class Scopes
{
    /// <summary>The claim that holds one of these; a caller has as many as scopes.</summary>
    public const string ClaimType = "scope";

    public const string Read = "orders.read";
    public const string Write = "orders.write";
    public const string Manage = "resources.manage";

    public static IReadOnlyList<string> All { get; } = [Read, Write, Manage];

    /// <summary>Whether callers without credentials may do what takes a scope.</summary>
    public static bool AreOpen(string scope, AnonymousAccess access) => scope switch
    {
        Read => access >= AnonymousAccess.Read,
        Write => access >= AnonymousAccess.ReadWrite,
        _ => false,
    };

    /// <summary>The scopes in a text that separates them by blanks, as OAuth does.</summary>
    public static string[] Split(string text) =>
        text.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary>The scopes in a setting.</summary>
    /// <exception cref="StartupException">There are none, or some that are not ours.</exception>
    public static string[] Parse(string setting, string? value)
    {
        string[] scopes = Split(value ?? "");
        return scopes.Length > 0 && scopes.All(All.Contains)
            ? scopes
            : throw new StartupException(
                $"{setting} is '{value}'. Set it to one or more of {string.Join(", ", All)}, separated by blanks.");
    }
}
