namespace Orders.Infrastructure.Lakebase.Workspace;

/// <summary>A synced table as both products describe it. Members are null where the workspace leaves them open.</summary>
internal sealed record SyncedTable
{
    /// <summary>The instance or project that it is on.</summary>
    public required string? Server { get; init; }

    public required string? Database { get; init; }

    public required string? Source { get; init; }

    /// <summary>The state of its entry in Unity Catalog: PROVISIONING, ACTIVE, DEGRADED, UPDATING, FAILED, DELETING.</summary>
    public required string? CatalogState { get; init; }

    /// <summary>The state of its rows, which begins with SYNCED_TABLE_.</summary>
    public required string? State { get; init; }

    public required string? Message { get; init; }

    public required string? PipelineId { get; init; }

    /// <summary>From 0 to 1.</summary>
    public required double? Completion { get; init; }
}
