using System.Net;
using Orders.Infrastructure.Lakebase.Workspace;

namespace Orders.Infrastructure.Lakebase.Provisioning;

/// <summary>The owner of the database role: the identity that is signed in to the workspace.</summary>
/// <param name="Name">A service principal's client id, or an e-mail address.</param>
/// <param name="IsLookedUp">The name comes from the workspace and not from the settings.</param>
internal sealed record RoleOwner(string Name, bool IsLookedUp)
{
    /// <summary>As in the recipe, the creator of the server may do everything on it.</summary>
    public const string Superuser = "DATABRICKS_SUPERUSER";

    public static readonly object Attributes = new { Bypassrls = true, Createdb = true, Createrole = true };

    public string IdentityType => WorkspaceLogin.IdentityTypeOf(Name);

    private Observation Seen => IsLookedUp ? new Observation(Condition.Ready, Name) : Observation.Ready;

    /// <summary>Observes the role. It is absent too when the workspace has no calls for roles, or no such server yet.</summary>
    /// <param name="isThere">Finds out whether a role of this name exists.</param>
    /// <param name="settings">The settings, with the identity that signs in.</param>
    /// <param name="client">The workspace.</param>
    /// <param name="cancellationToken">The caller's token.</param>
    public static async Task<Observation> ObserveAsync(
        Func<string, Task<bool>> isThere, ResourceSettings settings, DatabricksClient client, CancellationToken cancellationToken)
    {
        RoleOwner owner = await FindAsync(settings, client, cancellationToken);
        try
        {
            return await isThere(owner.Name) ? owner.Seen : Observation.Absent;
        }
        catch (DatabricksException exception) when (exception.Status == HttpStatusCode.NotFound)
        {
            return Observation.Absent;
        }
    }

    public static async Task<RoleOwner> FindAsync(
        ResourceSettings settings, DatabricksClient client, CancellationToken cancellationToken) =>
        settings.ClientId is { } id
            ? new RoleOwner(id, IsLookedUp: false)
            : new RoleOwner(await client.FindUserAsync(cancellationToken), IsLookedUp: true);
}
