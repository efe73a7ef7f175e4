using System.Security.Cryptography;
using System.Text;
using Orders.Application;

namespace Orders.Api.Security;

/// <summary>
/// The key that callers need to create and delete the resources on Lakebase. Without one in the settings the operations do not exist.
/// </summary>
internal sealed class ResourcesOptions
{
    private const string Setting = "Lakebase:ResourcesKey";

    /// <summary>The length of a random key of 192 bits in Base64, which can't be guessed.</summary>
    private const int ShortestKey = 32;

    private readonly byte[] _key;

    private ResourcesOptions(string key) => _key = Digest(key);

    /// <returns>Null when the operations are not to be there.</returns>
    /// <exception cref="StartupException">The key is too short, or can't be sent in a header.</exception>
    public static ResourcesOptions? From(IConfiguration configuration) => configuration[Setting] switch
    {
        null or "" => null,
        { Length: < ShortestKey } => throw new StartupException($"{Setting} is shorter than {ShortestKey} characters. Set it to a random "
            + "one, as made by: openssl rand -base64 32"),
        var key when key.Any(character => character is <= ' ' or > '~') => throw new StartupException(
            $"{Setting} has characters that a header can't carry. Set it to a random one, as made by: openssl rand -base64 32"),
        var key => new ResourcesOptions(key),
    };

    /// <summary>Takes the same time whatever was sent.</summary>
    public bool IsKey(string candidate) => CryptographicOperations.FixedTimeEquals(Digest(candidate), _key);

    private static byte[] Digest(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
