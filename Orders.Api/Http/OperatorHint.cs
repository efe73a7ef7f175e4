using System.Security.Claims;
using Orders.Application;

namespace Orders.Api.Http;

/// <summary>Who may read statements to run, and names of roles and schemas: those who manage the resources. Others get the reason.</summary>
internal static class OperatorHint
{
    private const string ScopeClaim = "scope";
    private const string Manage = "resources.manage";

    public static string SentenceFor(ClaimsPrincipal caller, DatabaseUnavailableException exception) =>
        caller.HasClaim(ScopeClaim, Manage) ? exception.MessageWithHint : exception.Message;
}
