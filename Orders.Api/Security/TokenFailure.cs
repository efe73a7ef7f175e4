using Microsoft.IdentityModel.Tokens;

namespace Orders.Api.Security;

/// <summary>Why credentials were refused, for the log: short, and without any part of them.</summary>
internal static class TokenFailure
{
    public static string Describe(Exception? failure) => failure switch
    {
        SecurityTokenExpiredException or SecurityTokenNoExpirationException => "the token has expired, or does not say when it does",
        SecurityTokenNotYetValidException => "the token is not valid yet",
        SecurityTokenInvalidAudienceException => "the token is meant for another audience",
        SecurityTokenInvalidIssuerException => "the token is of another issuer",
        SecurityTokenInvalidAlgorithmException => "the token is signed by an algorithm that is not taken",
        SecurityTokenSignatureKeyNotFoundException => "the issuer has no key for the token's signature, or not one that is taken",
        SecurityTokenInvalidSignatureException => "the token's signature is missing or wrong",
        SecurityTokenMalformedException or ArgumentException => "the token is no JWT",
        SecurityTokenException => "the token is not valid",
        AggregateException { InnerException: { } first } => Describe(first),
        _ => failure?.Message ?? "the credentials are not of a kind that is taken",
    };
}
