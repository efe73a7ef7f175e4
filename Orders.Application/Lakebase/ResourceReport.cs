namespace Orders.Application.Lakebase;

/// <summary>The state of an operation, or of the resources.</summary>
public sealed record ResourceReport
{
    /// <summary>Null when this describes the workspace's resources.</summary>
    public required ResourceAction? Action { get; init; }

    public required ResourceState State { get; init; }

    public required ResourceNames Names { get; init; }

    /// <summary>In the order of creation or deletion.</summary>
    public required IReadOnlyList<ResourceStep> Steps { get; init; }

    /// <summary>Null before there is a synced table.</summary>
    public SyncPipeline? Pipeline { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>Null while it runs.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>A sentence on what happened and what is left to do.</summary>
    public required string Message { get; init; }
}
