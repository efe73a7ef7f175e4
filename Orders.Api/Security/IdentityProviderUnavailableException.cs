namespace Orders.Api.Security;

/// <summary>Tokens can't be checked, as the identity provider does not tell its keys.</summary>
internal sealed class IdentityProviderUnavailableException(Exception cause)
    : Exception("Bearer tokens can't be checked: the identity provider did not tell its keys.", cause);
