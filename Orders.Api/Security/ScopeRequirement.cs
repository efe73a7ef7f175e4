using Microsoft.AspNetCore.Authorization;

namespace Orders.Api.Security;

/// <summary>Lets callers through that have a scope, and those without credentials where access is open.</summary>
/// <param name="scope">One of <see cref="Scopes"/>.</param>
/// <param name="isOpen">Callers without credentials may do this too.</param>
internal sealed class ScopeRequirement(string scope, bool isOpen) : AuthorizationHandler<ScopeRequirement>, IAuthorizationRequirement
{
    public string Scope => scope;

    private bool IsOpen => isOpen;

    protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, ScopeRequirement requirement)
    {
        // Credentials that were sent count, also where none are needed: a caller whose key has expired should learn it.
        bool isAllowed = context.User.Identity is { IsAuthenticated: true }
            ? context.User.HasClaim(Scopes.ClaimType, requirement.Scope)
            : requirement.IsOpen && context.Resource is HttpContext http && !Credentials.Of(http.Request).AreSent;
        if (isAllowed)
        {
            context.Succeed(requirement);
        }

        return Task.CompletedTask;
    }
}
