using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace Orders.Api.Security;

/// <summary>Authenticates callers by API key. The scheme of bearer tokens takes over where one is sent.</summary>
internal sealed class ApiKeyHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder, ApiKeys keys)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    public new const string Scheme = "ApiKey";

    private static readonly Task<AuthenticateResult> NothingSent = Task.FromResult(AuthenticateResult.NoResult());
    private static readonly Task<AuthenticateResult> BothSent = Failed("an API key and a bearer token were sent; send one");
    private static readonly Task<AuthenticateResult> UnknownKey = Failed("the API key is unknown");
    private static readonly Task<AuthenticateResult> NoTokens = Failed("no bearer tokens are taken here");

    protected override Task<AuthenticateResult> HandleAuthenticateAsync() => Credentials.Of(Request) switch
    {
        { ApiKey: not null, Token: not null } => BothSent,
        { ApiKey: { } key } => Authenticate(keys.Find(key), UnknownKey),
        { Token: { } token } => Authenticate(keys.FindBearer(token), NoTokens),
        _ => NothingSent,
    };

    private Task<AuthenticateResult> Authenticate(ApiKey? key, Task<AuthenticateResult> unknown) =>
        key is null ? unknown
        : key.IsExpired(TimeProvider.GetUtcNow()) ? Failed($"the API key of {key.Name} has expired")
        : Task.FromResult(key.Caller);

    private static Task<AuthenticateResult> Failed(string reason) => Task.FromResult(AuthenticateResult.Fail(reason));
}
