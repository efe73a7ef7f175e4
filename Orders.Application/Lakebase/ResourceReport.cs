namespace Orders.Application.Lakebase;

/// <summary>How far the resources are.</summary>
public sealed record ResourceReport
{
    /// <summary>Null when no operation ran in this process: then it is the workspace's own account.</summary>
    public required ResourceAction? Action { get; init; }

    public required ResourceState State { get; init; }

    public required ResourceNames Names { get; init; }

    /// <summary>In the order in which they are made, or deleted.</summary>
    public required IReadOnlyList<ResourceStep> Steps { get; init; }

    /// <summary>Null before there is a synced table.</summary>
    public SyncPipeline? Pipeline { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>Null while it runs.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>For a person: what happened, and what is left to do.</summary>
    public required string Message { get; init; }
}
