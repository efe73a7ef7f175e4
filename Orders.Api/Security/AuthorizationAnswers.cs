using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using Orders.Api.Http;

namespace Orders.Api.Security;

/// <summary>Answers requests that may not be made with problem documents, and logs a line for each.</summary>
internal sealed partial class AuthorizationAnswers(ApiKeys keys, RefusalLog refusals, ILogger<AuthorizationAnswers> logger)
    : IAuthorizationMiddlewareResultHandler
{
    public Task HandleAsync(
        RequestDelegate next, HttpContext context, AuthorizationPolicy policy, PolicyAuthorizationResult authorizeResult)
    {
        if (!authorizeResult.Succeeded)
        {
            return RefuseAsync(context, policy, authorizeResult.Forbidden);
        }

        AuthenticationMetrics.Record(AuthenticationMetrics.Accepted);
        return next(context);
    }

    private async Task RefuseAsync(HttpContext context, AuthorizationPolicy policy, bool isForbidden)
    {
        string scope = policy.Requirements.OfType<ScopeRequirement>().Single().Scope;
        if (isForbidden)
        {
            AuthenticationMetrics.Record(AuthenticationMetrics.Forbidden);
            refusals.Write(context, StatusCodes.Status403Forbidden, $"it takes the scope {scope}");
            context.Response.Headers.WWWAuthenticate = $"{Credentials.Bearer} error=\"insufficient_scope\", scope=\"{scope}\"";
            await Problems.WriteAsync(context, ApiError.Forbidden(scope));
            return;
        }

        // Known from the first time it was asked for.
        Exception? failure = (await context.AuthenticateAsync()).Failure;
        if (failure is IdentityProviderUnavailableException)
        {
            AuthenticationMetrics.Record(AuthenticationMetrics.Unavailable);
            LogUnavailable(logger, failure.Message, failure.InnerException!.Message);
            await Problems.WriteAsync(context, ApiError.AuthenticationUnavailable);
            return;
        }

        bool areSent = Credentials.Of(context.Request).AreSent;
        AuthenticationMetrics.Record(areSent ? AuthenticationMetrics.Invalid : AuthenticationMetrics.Missing);
        refusals.Write(
            context, StatusCodes.Status401Unauthorized, areSent ? TokenFailure.Describe(failure) : "no credentials were sent");
        context.Response.Headers.WWWAuthenticate = Challenges(areSent);
        await Problems.WriteAsync(context, areSent ? ApiError.InvalidCredentials : ApiError.Unauthenticated);
    }

    private string[] Challenges(bool areSent)
    {
        string bearer = areSent ? $"{Credentials.Bearer} error=\"invalid_token\"" : Credentials.Bearer;
        return keys.AreConfigured ? [bearer, $"{ApiKeyHandler.Scheme} header=\"{Credentials.ApiKeyHeader}\""] : [bearer];
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Problem} Cause: {Cause}")]
    private static partial void LogUnavailable(ILogger logger, string problem, string cause);
}
