namespace Orders.Application.Lakebase;

/// <summary>A step of an operation: one resource.</summary>
/// <param name="Resource">The kind, for a reader: <c>Catalog</c>.</param>
/// <param name="Name">Its name in the workspace.</param>
/// <param name="State">The state.</param>
/// <param name="Detail">The workspace's description, or the reason of a failure and how to mend it; may be null.</param>
public sealed record ResourceStep(string Resource, string Name, StepState State, string? Detail = null);
