using Orders.Application.Lakebase;

namespace Orders.Infrastructure.Lakebase.Provisioning;

/// <summary>The resources on one of the two products.</summary>
/// <param name="Names">What they are called.</param>
/// <param name="All">In the order in which they are made; they are deleted the other way round.</param>
internal sealed record WorkspaceResources(ResourceNames Names, IReadOnlyList<WorkspaceResource> All);
