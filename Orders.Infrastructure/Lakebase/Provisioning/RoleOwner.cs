using System.Net;
using Orders.Infrastructure.Lakebase.Workspace;

namespace Orders.Infrastructure.Lakebase.Provisioning;

/// <summary>Who signs in to the workspace, as a role is made of him.</summary>
/// <param name="Name">A service principal's client id, or an e-mail address.</param>
/// <param name="IsLookedUp">Whether the settings do not say it.</param>
internal sealed record RoleOwner(string Name, bool IsLookedUp)
{
    /// <summary>As the recipe makes it: who has made the server may do everything on it.</summary>
    public const string Superuser = "DATABRICKS_SUPERUSER";

    public static readonly object Attributes = new { Bypassrls = true, Createdb = true, Createrole = true };

    public string IdentityType => WorkspaceLogin.IdentityTypeOf(Name);

    private Observation Seen => IsLookedUp ? new Observation(Condition.Ready, Name) : Observation.Ready;

    /// <summary>Looks at the role. Where the calls for roles do not exist, or the server does not yet, there is none.</summary>
    /// <param name="isThere">Told the role's name.</param>
    /// <param name="settings">Who signs in.</param>
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

    public static async Task<RoleOwner> FindAsync(ResourceSettings settings, DatabricksClient client, CancellationToken cancellationToken) =>
        settings.ClientId is { } id
            ? new RoleOwner(id, IsLookedUp: false)
            : new RoleOwner(await client.FindUserAsync(cancellationToken), IsLookedUp: true);
}
