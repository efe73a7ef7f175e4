using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.IdentityModel.Tokens;
using Orders.Application;

namespace Orders.Api.Security;

/// <summary>Bearer tokens (JWT) by the framework, with its own settings, and more strictly.</summary>
internal static class BearerTokens
{
    public const string Scheme = JwtBearerDefaults.AuthenticationScheme;

    private const string Section = $"Authentication:Schemes:{Scheme}";

    private const string SigningKeys = "SigningKeys";

    private static readonly string[] Audiences = ["ValidAudience", "ValidAudiences"];
    private static readonly string[] Issuers = ["ValidIssuer", "ValidIssuers"];
    private static readonly string[] Providers = ["Authority", "MetadataAddress"];

    /// <summary>By public keys: who can check a token can't make one.</summary>
    private static readonly string[] Algorithms =
    [
        SecurityAlgorithms.RsaSha256, SecurityAlgorithms.RsaSha384, SecurityAlgorithms.RsaSha512,
        SecurityAlgorithms.RsaSsaPssSha256, SecurityAlgorithms.RsaSsaPssSha384, SecurityAlgorithms.RsaSsaPssSha512,
        SecurityAlgorithms.EcdsaSha256, SecurityAlgorithms.EcdsaSha384, SecurityAlgorithms.EcdsaSha512,
    ];

    private static readonly TimeSpan ClockSkew = TimeSpan.FromSeconds(30);

    /// <summary>How long the identity provider may take to tell its keys.</summary>
    private static readonly TimeSpan ProviderTimeout = TimeSpan.FromSeconds(5);

    /// <summary>A token with a new key makes the keys read again, and not more often.</summary>
    private static readonly TimeSpan RefreshInterval = TimeSpan.FromSeconds(30);

    /// <summary>Keys alone are what <c>dotnet user-jwts</c> has left among the user's secrets.</summary>
    public static bool AreConfigured(IConfiguration configuration) =>
        configuration.GetSection(Section).GetChildren()
            .Any(setting => !setting.Key.Equals(SigningKeys, StringComparison.OrdinalIgnoreCase));

    /// <returns>What validates them.</returns>
    /// <exception cref="StartupException">The settings leave open whose tokens are taken.</exception>
    public static CallerTokenHandler AddTo(AuthenticationBuilder authentication, IConfiguration configuration)
    {
        IConfigurationSection section = configuration.GetSection(Section);
        Check(section);
        bool hasKeys = section.GetSection(SigningKeys).GetChildren().Any();
        bool hasTimeout = section["BackchannelTimeout"] is not null;
        var tokens = new CallerTokenHandler(TokenScopes.From(configuration)) { MapInboundClaims = false };
        authentication.AddJwtBearer(options =>
        {
            options.MapInboundClaims = false;
            options.SaveToken = false;
            options.RefreshInterval = RefreshInterval;
            options.BackchannelTimeout = hasTimeout ? options.BackchannelTimeout : ProviderTimeout;
            options.TokenHandlers.Clear();
            options.TokenHandlers.Add(tokens);
            TokenValidationParameters validation = options.TokenValidationParameters;
            validation.ClockSkew = ClockSkew;
            validation.ValidateIssuer = true;
            validation.ValidateAudience = true;
            validation.ValidateIssuerSigningKey = true;
            validation.ValidAlgorithms = hasKeys ? [.. Algorithms, SecurityAlgorithms.HmacSha256] : Algorithms;
        });
        return tokens;
    }

    private static void Check(IConfigurationSection section)
    {
        if (!HasAny(section, Audiences))
        {
            throw new StartupException(
                $"{Section}:ValidAudiences is not set, so tokens meant for other services would be taken. Set "
                + $"{Section}:ValidAudiences:0 to the audience of this service's tokens.");
        }

        if (!HasAny(section, Providers) && !(HasAny(section, Issuers) && HasAny(section, [SigningKeys])))
        {
            throw new StartupException(
                $"{Section}:Authority is not set. Set it to the address of the identity provider, or ValidIssuer and SigningKeys beside it "
                + "to an issuer and its keys.");
        }

        bool needsHttps = !"false".Equals(section["RequireHttpsMetadata"], StringComparison.OrdinalIgnoreCase);
        foreach (string name in Providers.Where(name => !string.IsNullOrEmpty(section[name])))
        {
            if (!Uri.TryCreate(section[name], UriKind.Absolute, out Uri? address)
                || !(address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && !needsHttps)))
            {
                throw new StartupException(
                    $"{Section}:{name} is '{section[name]}'. Set it to the https address of the identity provider; one by http takes "
                    + $"{Section}:RequireHttpsMetadata=false.");
            }
        }
    }

    private static bool HasAny(IConfigurationSection section, IEnumerable<string> names) =>
        names.Any(name => !string.IsNullOrEmpty(section[name]) || section.GetSection(name).GetChildren().Any());
}
