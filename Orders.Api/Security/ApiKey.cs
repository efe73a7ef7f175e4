using System.Buffers.Text;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Authentication;

namespace Orders.Api.Security;

/// <summary>A key that a caller without an identity provider sends. The service knows its digest only.</summary>
internal sealed class ApiKey
{
    /// <summary>Keys begin with it, so that scanners for leaked secrets know them.</summary>
    public const string Prefix = "orders_";

    private const int RandomBytes = 32;

    private readonly byte[] _digest;
    private readonly DateTimeOffset? _expires;

    /// <param name="name">Who has it.</param>
    /// <param name="digest">The SHA-256 of its UTF-8 bytes.</param>
    /// <param name="scopes">What its caller may do.</param>
    /// <param name="expires">From when on it is not taken; null for never.</param>
    public ApiKey(string name, byte[] digest, IEnumerable<string> scopes, DateTimeOffset? expires)
    {
        (Name, _digest, _expires) = (name, digest, expires);
        Claim[] claims = [new(ClaimTypes.Name, name), .. scopes.Select(scope => new Claim(Scopes.ClaimType, scope))];
        var caller = new ClaimsPrincipal(new ClaimsIdentity(claims, ApiKeyHandler.Scheme));
        Caller = AuthenticateResult.Success(new AuthenticationTicket(caller, ApiKeyHandler.Scheme));
    }

    public string Name { get; }

    /// <summary>Made once: it is the same for each request.</summary>
    public AuthenticateResult Caller { get; }

    /// <summary>256 random bits, in characters that a header, a URL and a shell take as they are.</summary>
    public static string Generate() => Prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(RandomBytes));

    public static byte[] Digest(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));

    /// <summary>Takes the same time whatever the digest is.</summary>
    public bool Has(ReadOnlySpan<byte> digest) => CryptographicOperations.FixedTimeEquals(digest, _digest);

    public bool IsExpired(DateTimeOffset now) => now >= _expires;
}
