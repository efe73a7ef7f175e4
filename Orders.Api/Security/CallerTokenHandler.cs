using System.Diagnostics.CodeAnalysis;
using System.Security.Claims;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Orders.Api.Security;

/// <summary>
/// Validates bearer tokens as the framework does, remembers the callers of valid ones for a while, and gives each caller a claim for each
/// scope.
/// </summary>
/// <remarks>To check a signature takes as long as to read an order.</remarks>
/// <param name="scopes">Which scopes a token gives.</param>
internal sealed class CallerTokenHandler(TokenScopes scopes) : JsonWebTokenHandler, IDisposable
{
    /// <summary>All remembered tokens together, in characters.</summary>
    private const int MaxRemembered = 8 * 1024 * 1024;

    /// <summary>Where a token names its caller: its subject, else the client that it was issued to.</summary>
    private static readonly string[] NameClaims = ["sub", "client_id", "azp", "appid"];

    /// <summary>A key that the issuer withdraws is taken for as long at most.</summary>
    private static readonly TimeSpan MaxAge = TimeSpan.FromMinutes(5);

    private readonly MemoryCache _valid = new(new MemoryCacheOptions { SizeLimit = MaxRemembered });

    /// <returns>The caller of a token that was valid before, and still is; null when it has to be validated.</returns>
    public ClaimsPrincipal? Find(string token) => _valid.Get<ClaimsPrincipal>(token);

    public override async Task<TokenValidationResult> ValidateTokenAsync(string token, TokenValidationParameters validationParameters)
    {
        ArgumentNullException.ThrowIfNull(validationParameters);
        await RequireKeysAsync(validationParameters);
        validationParameters.NameClaimTypeRetriever = static (token, _) => NameClaimOf((JsonWebToken)token);
        TokenValidationResult result = await base.ValidateTokenAsync(token, validationParameters);
        if (!result.IsValid)
        {
            return result;
        }

        if (string.IsNullOrEmpty(result.ClaimsIdentity.Name))
        {
            return new TokenValidationResult { Exception = new SecurityTokenException("The token names no caller."), IsValid = false };
        }

        scopes.AddTo(result.ClaimsIdentity);
        Remember(token, result);
        return result;
    }

    public void Dispose() => _valid.Dispose();

    private static string NameClaimOf(JsonWebToken token) =>
        Array.Find(NameClaims, name => token.TryGetPayloadValue(name, out string? value) && value?.Length > 0) ?? NameClaims[0];

    /// <exception cref="IdentityProviderUnavailableException">The issuer's keys are not known, and can't be had.</exception>
    [SuppressMessage("Design", "CA1031", Justification = "Whatever the reason, the token is not the cause.")]
    private static async Task RequireKeysAsync(TokenValidationParameters validation)
    {
        if (validation.ConfigurationManager is { } provider)
        {
            try
            {
                // Known after the first time, and renewed in the background.
                await provider.GetBaseConfigurationAsync(CancellationToken.None);
            }
            catch (Exception exception)
            {
                throw new IdentityProviderUnavailableException(exception);
            }
        }
    }

    private void Remember(string token, TokenValidationResult result)
    {
        DateTimeOffset end = DateTimeOffset.UtcNow + MaxAge;
        DateTimeOffset expires = result.SecurityToken.ValidTo;
        using ICacheEntry entry = _valid.CreateEntry(token);
        entry.Value = new ClaimsPrincipal(result.ClaimsIdentity);
        entry.Size = token.Length;
        entry.AbsoluteExpiration = expires < end ? expires : end;
    }
}
