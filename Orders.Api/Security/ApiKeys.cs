using System.Globalization;
using Orders.Application;

namespace Orders.Api.Security;

/// <summary>The API keys of the settings.</summary>
internal sealed class ApiKeys
{
    public const string Section = "Authentication:ApiKeys";

    private const string Digest = "Sha256";
    private const string ScopesName = "Scopes";
    private const string Expires = "Expires";
    private const int DigestBytes = 32;

    private static readonly string[] Names = [Digest, ScopesName, Expires];

    /// <summary>RFC 3339, with or without fractions of a second.</summary>
    private static readonly string[] TimeFormats = ["yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK"];

    private readonly ApiKey[] _keys;
    private readonly ApiKey? _resourcesKey;

    private ApiKeys(ApiKey[] keys, ApiKey? resourcesKey) => (_keys, _resourcesKey) = (keys, resourcesKey);

    /// <summary>There is a key for more than the resources.</summary>
    public bool AreConfigured => _keys.Length > 0;

    /// <summary>There is a key to the resources on Lakebase alone.</summary>
    public bool HasResourcesKey => _resourcesKey is not null;

    /// <exception cref="StartupException">A key is not complete, or has a value that can't be.</exception>
    public static ApiKeys From(IConfiguration configuration)
    {
        Dictionary<string, string> namesByDigest = new(StringComparer.OrdinalIgnoreCase);
        List<ApiKey> keys = [];
        foreach (IConfigurationSection section in configuration.GetSection(Section).GetChildren())
        {
            keys.Add(Read(section));
            if (!namesByDigest.TryAdd(section[Digest]!, section.Key))
            {
                throw new StartupException(
                    $"{Section} has the same key under {namesByDigest[section[Digest]!]} and {section.Key}. Give each caller a key of its "
                    + "own, as made by the command api-key create.");
            }
        }

        return new ApiKeys([.. keys], ResourcesKey.From(configuration));
    }

    /// <summary>The key that was sent in <c>X-API-Key</c>; null when there is none such.</summary>
    public ApiKey? Find(string key)
    {
        // All are compared, so that the time tells nothing.
        byte[] digest = ApiKey.Digest(key);
        ApiKey? found = null;
        foreach (ApiKey candidate in _keys)
        {
            found = candidate.Has(digest) ? candidate : found;
        }

        return _resourcesKey?.Has(digest) == true ? _resourcesKey : found;
    }

    /// <summary>The key to the resources may be sent as a bearer token as well.</summary>
    public ApiKey? FindBearer(string token) => _resourcesKey?.Has(ApiKey.Digest(token)) == true ? _resourcesKey : null;

    private static ApiKey Read(IConfigurationSection section)
    {
        if (section.GetChildren().FirstOrDefault(setting => !Names.Contains(setting.Key, StringComparer.OrdinalIgnoreCase)) is { } unknown)
        {
            throw new StartupException(
                $"{unknown.Path} is not a setting: an API key has {Digest}, {ScopesName} and {Expires}. The README lists the settings.");
        }

        if (section.Key.Any(char.IsControl))
        {
            throw new StartupException($"A name under {Section} has control characters. Name each key after its caller.");
        }

        string[] scopes = Scopes.Parse($"{section.Path}:{ScopesName}", section[ScopesName]);
        return new ApiKey(section.Key, ReadDigest(section), scopes, ReadExpires(section));
    }

    private static byte[] ReadDigest(IConfigurationSection section)
    {
        string text = section[Digest] ?? "";
        return text.Length == 2 * DigestBytes && text.All(char.IsAsciiHexDigit)
            ? Convert.FromHexString(text)
            : throw new StartupException(
                $"{section.Path}:{Digest} is not the SHA-256 of a key. Set it to the 64 hexadecimal digits that the command api-key "
                + "create prints.");
    }

    private static DateTimeOffset? ReadExpires(IConfigurationSection section)
    {
        if (string.IsNullOrWhiteSpace(section[Expires]))
        {
            return null;
        }

        return TryReadTime(section[Expires]!, out DateTimeOffset expires)
            ? expires
            : throw new StartupException(
                $"{section.Path}:{Expires} is '{section[Expires]}'. Set it to a time with its offset such as 2027-01-31T00:00:00Z, or "
                + "leave it out.");
    }

    /// <summary>A time of RFC 3339, which has an offset.</summary>
    public static bool TryReadTime(string text, out DateTimeOffset time) =>
        DateTimeOffset.TryParseExact(
            text.ToUpperInvariant(), TimeFormats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out time)
        && (text.EndsWith('Z') || text.EndsWith('z') || text[^6] is '+' or '-');
}
