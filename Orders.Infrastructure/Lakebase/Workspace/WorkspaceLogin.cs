namespace Orders.Infrastructure.Lakebase.Workspace;

/// <summary>How this service signs in to the workspace: as a service principal, or with a personal token.</summary>
/// <param name="ClientId">The service principal's, which is its name in the database as well; null with a token.</param>
/// <param name="Secret">The service principal's secret, or the token.</param>
internal sealed record WorkspaceLogin(string? ClientId, Secret Secret);
