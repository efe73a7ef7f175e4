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

    /// <summary>The role as a resource, for the caller to add how it is created.</summary>
    /// <param name="isThereAsync">Finds out whether a role of this name exists.</param>
    /// <param name="settings">The settings, with the identity that signs in.</param>
    /// <param name="client">The workspace.</param>
    public static WorkspaceResource Role(
        Func<string, CancellationToken, Task<bool>> isThereAsync, ResourceSettings settings, DatabricksClient client) => new()
        {
            Label = "Role",
            Name = settings.ClientId ?? "of the token's owner",
            Right = ResourceRights.RoleRight,
            IsOptional = true,
            Timeout = ResourceRights.RoleTimeout,
            ObserveAsync = async (_, token) => await ObserveAsync(await FindAsync(settings, client, token), isThereAsync, token),
        };

    public static async Task<RoleOwner> FindAsync(
        ResourceSettings settings, DatabricksClient client, CancellationToken cancellationToken) =>
        settings.ClientId is { } id
            ? new RoleOwner(id, IsLookedUp: false)
            : new RoleOwner(await client.FindUserAsync(cancellationToken), IsLookedUp: true);

    /// <summary>The role is absent too when the workspace has no calls for roles, or no such server yet.</summary>
    private static async Task<Observation> ObserveAsync(
        RoleOwner owner, Func<string, CancellationToken, Task<bool>> isThereAsync, CancellationToken cancellationToken)
    {
        try
        {
            return await isThereAsync(owner.Name, cancellationToken) ? owner.Seen : Observation.Absent;
        }
        catch (DatabricksException exception) when (exception.Status == HttpStatusCode.NotFound)
        {
            return Observation.Absent;
        }
    }
}
