namespace Orders.Infrastructure.Lakebase.Workspace;

/// <summary>How this service signs in to the workspace: as a service principal, or with a personal token.</summary>
/// <param name="ClientId">The service principal's, which is its name in the database too; null with a token.</param>
/// <param name="Secret">The service principal's secret, or the token.</param>
internal sealed record WorkspaceLogin(string? ClientId, Secret Secret)
{
    /// <summary>The type of an identity, by its name: only a service principal's is a UUID.</summary>
    public static string IdentityTypeOf(string name) => Guid.TryParse(name, out _) ? "SERVICE_PRINCIPAL" : "USER";
}
