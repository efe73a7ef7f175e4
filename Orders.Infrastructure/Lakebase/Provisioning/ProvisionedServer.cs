using Orders.Application.Lakebase;
using Orders.Infrastructure.Lakebase.Workspace;

namespace Orders.Infrastructure.Lakebase.Provisioning;

/// <summary>The server on Lakebase Provisioned, and the role on it.</summary>
internal sealed class ProvisionedServer(string name, ResourceSettings settings, DatabricksClient client)
{
    private const string Api = "api/2.0/database";

    private readonly string _instance = $"{Api}/instances/{Uri.EscapeDataString(name)}";

    public IReadOnlyList<WorkspaceResource> All =>
    [
        new()
        {
            Label = "Database instance",
            Name = name,
            Right = ResourceRights.ServerRight,
            ObserveAsync = ObserveInstanceAsync,
            CreateAsync = CreateInstanceAsync,
            FindOthersAsync = new ProvisionedContents(name, settings, client).FindOthersAsync,
            DeleteAsync = DeleteInstanceAsync,
        },
        RoleOwner.Role(HasRoleAsync, settings, client) with { CreateAsync = CreateRoleAsync },
    ];

    private async Task<Observation> ObserveInstanceAsync(CreateResources? asked, CancellationToken cancellationToken)
    {
        if (await client.FindAsync<Instance>(_instance, cancellationToken) is not { } found)
        {
            return Observation.Absent;
        }

        var size = new InstanceSize
        {
            Capacity = found.Capacity,
            NodeCount = found.EffectiveNodeCount,
            EnableReadableSecondaries = found.EffectiveEnableReadableSecondaries,
            RetentionWindowInDays = found.EffectiveRetentionWindowInDays,
        };
        return found.State switch
        {
            "DELETING" => Observation.Deleting,
            "STOPPED" => new Observation(Condition.Unusable, "It is stopped: start it in the workspace."),

            // Before that, the effective values may not be the final ones.
            "AVAILABLE" when size.DifferenceFrom(asked) is { } difference => new Observation(Condition.Unusable, difference),
            "AVAILABLE" => Observation.Ready,
            var state => new Observation(Condition.Pending, state ?? "no state yet"),
        };
    }

    private async Task<string?> CreateInstanceAsync(CreateResources asked, CancellationToken cancellationToken)
    {
        CreateResources size = asked.WithPresets();
        await client.PostAsync<Instance>(
            $"{Api}/instances",
            new { Name = name, size.Capacity, size.NodeCount, size.EnableReadableSecondaries, size.RetentionWindowInDays },
            cancellationToken);
        return null;
    }

    private async Task<bool> HasRoleAsync(string role, CancellationToken cancellationToken) =>
        await client.FindAsync<Role>($"{_instance}/roles/{Uri.EscapeDataString(role)}", cancellationToken) is not null;

    private async Task<string?> CreateRoleAsync(CreateResources asked, CancellationToken cancellationToken)
    {
        RoleOwner owner = await RoleOwner.FindAsync(settings, client, cancellationToken);
        await client.PostAsync<Role>(
            $"{_instance}/roles",
            new { owner.Name, owner.IdentityType, MembershipRole = RoleOwner.Superuser, RoleOwner.Attributes },
            cancellationToken);
        return null;
    }

    private async Task<string?> DeleteInstanceAsync(CancellationToken cancellationToken)
    {
        await client.DeleteAsync<object>($"{_instance}?purge=true", cancellationToken);
        return null;
    }

    private sealed record Instance(
        string? State, string? Capacity, int? EffectiveNodeCount, bool? EffectiveEnableReadableSecondaries,
        int? EffectiveRetentionWindowInDays);

    private sealed record Role(string? Name);
}
