using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using Orders.Api.Http;

namespace Orders.Api.Security;

/// <summary>Answers requests that may not be made with problem documents, and logs a line for each.</summary>
internal sealed partial class AuthorizationAnswers(ApiKeys keys, ILogger<AuthorizationAnswers> logger)
    : IAuthorizationMiddlewareResultHandler
{
    public Task HandleAsync(
        RequestDelegate next, HttpContext context, AuthorizationPolicy policy, PolicyAuthorizationResult authorizeResult) =>
        authorizeResult.Succeeded ? next(context) : RefuseAsync(context, policy, authorizeResult.Forbidden);

    private async Task RefuseAsync(HttpContext context, AuthorizationPolicy policy, bool isForbidden)
    {
        string scope = policy.Requirements.OfType<ScopeRequirement>().Single().Scope;
        if (isForbidden)
        {
            Log(StatusCodes.Status403Forbidden, context, $"it takes the scope {scope}");
            context.Response.Headers.WWWAuthenticate = $"{Credentials.Bearer} error=\"insufficient_scope\", scope=\"{scope}\"";
            await Problems.WriteAsync(context, ApiError.Forbidden(scope));
            return;
        }

        // Known from the first time it was asked for.
        Exception? failure = (await context.AuthenticateAsync()).Failure;
        if (failure is IdentityProviderUnavailableException)
        {
            LogUnavailable(logger, failure.Message, failure.InnerException!.Message);
            await Problems.WriteAsync(context, ApiError.AuthenticationUnavailable);
            return;
        }

        bool areSent = Credentials.Of(context.Request).AreSent;
        Log(StatusCodes.Status401Unauthorized, context, areSent ? TokenFailure.Describe(failure) : "no credentials were sent");
        context.Response.Headers.WWWAuthenticate = Challenges(areSent);
        await Problems.WriteAsync(context, areSent ? ApiError.InvalidCredentials : ApiError.Unauthenticated);
    }

    private string[] Challenges(bool areSent)
    {
        string bearer = areSent ? $"{Credentials.Bearer} error=\"invalid_token\"" : Credentials.Bearer;
        return keys.AreConfigured ? [bearer, $"{ApiKeyHandler.Scheme} header=\"{Credentials.ApiKeyHeader}\""] : [bearer];
    }

    private void Log(int status, HttpContext context, string reason) => LogRefused(
        logger, status, context.Request.Method, (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText, reason,
        Caller.NameOf(context.User), context.Connection.RemoteIpAddress);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "{Status} for {RequestMethod} /{Route}: {Reason}; asked by {Caller} at {ClientAddress}")]
    private static partial void LogRefused(
        ILogger logger, int status, string requestMethod, string? route, string reason, string? caller,
        System.Net.IPAddress? clientAddress);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Problem} Cause: {Cause}")]
    private static partial void LogUnavailable(ILogger logger, string problem, string cause);
}
