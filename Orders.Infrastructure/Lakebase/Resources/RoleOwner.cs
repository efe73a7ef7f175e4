namespace Orders.Infrastructure.Lakebase.Resources;

/// <summary>Who signs in to the workspace, as a role is made of him.</summary>
/// <param name="Name">A service principal's client id, or an e-mail address.</param>
/// <param name="IsLookedUp">Whether the settings do not say it.</param>
internal sealed record RoleOwner(string Name, bool IsLookedUp)
{
    /// <summary>As the recipe makes it: who has made the server may do everything on it.</summary>
    public const string Superuser = "DATABRICKS_SUPERUSER";

    public static readonly object Attributes = new { Bypassrls = true, Createdb = true, Createrole = true };

    /// <summary>Only a service principal's name is a UUID.</summary>
    public string IdentityType => Guid.TryParse(Name, out _) ? "SERVICE_PRINCIPAL" : "USER";

    public Observation Seen => IsLookedUp ? new Observation(Condition.Ready, Name) : Observation.Ready;

    public static async Task<RoleOwner> FindAsync(ResourceSettings settings, DatabricksClient client, CancellationToken cancellationToken) =>
        settings.ClientId is { } id
            ? new RoleOwner(id, IsLookedUp: false)
            : new RoleOwner(await client.FindUserAsync(cancellationToken), IsLookedUp: true);
}
