using Orders.Application;

namespace Orders.Api.Security;

/// <summary>
/// The key of the setting that is older than API keys: one with the scope to manage the resources on Lakebase. Without it these
/// operations do not exist.
/// </summary>
internal static class ResourcesKey
{
    private const string Setting = "Lakebase:ResourcesKey";
    private const string Advice = "Set it to a random one, as made by: openssl rand -base64 32";

    /// <summary>The length of a random key of 192 bits in Base64, which can't be guessed.</summary>
    private const int ShortestKey = 32;

    /// <summary>A random key of the shortest length has more different characters, and steps from one to the next, even in hexadecimal.</summary>
    private const int FewestDifferent = 9;

    /// <returns>Null without the setting.</returns>
    /// <exception cref="StartupException">The key is too short, can be guessed, or can't be sent in a header.</exception>
    public static ApiKey? From(IConfiguration configuration) => configuration[Setting] switch
    {
        null or "" => null,
        { Length: < ShortestKey } => throw new StartupException($"{Setting} is shorter than {ShortestKey} characters. {Advice}"),
        var key when key.Any(character => character is <= ' ' or > '~') =>
            throw new StartupException($"{Setting} has characters that a header can't carry. {Advice}"),
        var key when IsGuessable(key) => throw new StartupException($"{Setting} repeats itself, so it can be guessed. {Advice}"),
        var key => new ApiKey("resources", ApiKey.Digest(key), [Scopes.Manage], expires: null),
    };

    /// <summary>A pattern: few characters, a short part again and again, or characters in a row.</summary>
    private static bool IsGuessable(string key) =>
        key.Distinct().Count() < FewestDifferent
        || key.Zip(key.Skip(1), (one, next) => next - one).Distinct().Count() < FewestDifferent;
}
