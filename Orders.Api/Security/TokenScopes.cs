using System.Security.Claims;
using Orders.Application;

namespace Orders.Api.Security;

/// <summary>Which scopes a token gives: those that it names, and those that the settings give for what it names.</summary>
internal sealed class TokenScopes
{
    private const string ClaimSetting = "Authentication:ScopeClaim";
    private const string MapSection = "Authentication:ScopeMap";

    private readonly string[] _claims;
    private readonly Dictionary<string, string[]> _given;

    private TokenScopes(string[] claims, Dictionary<string, string[]> given) => (_claims, _given) = (claims, given);

    /// <exception cref="StartupException">The settings give a scope that there is not.</exception>
    public static TokenScopes From(IConfiguration configuration)
    {
        Dictionary<string, string[]> given = new(StringComparer.Ordinal);
        foreach (IConfigurationSection setting in configuration.GetSection(MapSection).GetChildren())
        {
            given[setting.Key] = Scopes.Parse(setting.Path, setting.Value);
        }

        string? claim = configuration[ClaimSetting];
        return new TokenScopes(
            string.IsNullOrWhiteSpace(claim) ? [Scopes.ClaimType, "scp"] : [Scopes.ClaimType, "scp", claim], given);
    }

    /// <summary>Gives the caller a claim for each scope.</summary>
    public void AddTo(ClaimsIdentity caller)
    {
        string[] named = [.. caller.Claims.Where(claim => _claims.Contains(claim.Type)).SelectMany(claim => Scopes.Split(claim.Value))];
        IEnumerable<string> scopes = named.Concat(named.SelectMany(name => _given.GetValueOrDefault(name, []))).Distinct();
        Claim[] added =
        [
            .. scopes.Where(scope => !caller.HasClaim(Scopes.ClaimType, scope)).Select(scope => new Claim(Scopes.ClaimType, scope)),
        ];
        caller.AddClaims(added);
    }
}
