using Orders.Application.Lakebase;
using Orders.Infrastructure.Lakebase.Connecting;
using Orders.Infrastructure.Lakebase.Workspace;

namespace Orders.Infrastructure.Lakebase.Provisioning;

/// <summary>The resources on one of the two products.</summary>
/// <param name="Names">Their names.</param>
/// <param name="All">In the order in which they are created. They are deleted in the opposite order.</param>
internal sealed record WorkspaceResources(ResourceNames Names, IReadOnlyList<WorkspaceResource> All)
{
    public static WorkspaceResources Of(ILakebaseServer server, ResourceSettings settings, DatabricksClient client) => new(
        new ResourceNames(server.Name, settings.Catalog, settings.Table),
        server switch
        {
            AutoscalingEndpoint => OfEndpoint(new AutoscalingNames(server.Name), settings, client),
            ProvisionedInstance =>
                [.. new ProvisionedServer(server.Name, settings, client).All, .. new ProvisionedTables(server.Name, settings, client).All],
            _ => throw new NotSupportedException($"There are no resources for {server.GetType().Name}."),
        });

    private static IReadOnlyList<WorkspaceResource> OfEndpoint(AutoscalingNames names, ResourceSettings settings, DatabricksClient client)
    {
        var contents = new AutoscalingContents(names, settings, client);
        return [.. new AutoscalingServer(names, settings, client, contents).All, .. new AutoscalingTables(names, settings, client).All];
    }
}
