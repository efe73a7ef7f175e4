using Orders.Application.Lakebase;

namespace Orders.Infrastructure.Lakebase.Provisioning;

/// <summary>Something in the workspace that is made if it is missing, and looked at until it is usable.</summary>
internal sealed record WorkspaceResource
{
    public static readonly TimeSpan DefaultTimeout = TimeSpan.FromMinutes(20);

    /// <summary>What it is, for a person.</summary>
    public required string Label { get; init; }

    public required string Name { get; init; }

    /// <summary>What the workspace wants of who makes or deletes it.</summary>
    public required string Right { get; init; }

    /// <summary>How long it may take until it is usable, or gone.</summary>
    public TimeSpan Timeout { get; init; } = DefaultTimeout;

    /// <summary>Whether the others do without it.</summary>
    public bool IsOptional { get; init; }

    /// <summary>Whether it can be used while the operation that makes it goes on: that of a synced table may end with its copying.</summary>
    public bool IsUsableEarly { get; init; }

    /// <summary>Looks at it. What was asked for is null when that does not matter.</summary>
    public required Func<CreateResources?, CancellationToken, Task<Observation>> ObserveAsync { get; init; }

    /// <summary>Begins to make it; returns the path of an operation to ask after, if there is one. Null for what comes with another.</summary>
    public Func<CreateResources, CancellationToken, Task<string?>>? CreateAsync { get; init; }

    /// <summary>Names what it holds that is not configured here and would be deleted with it. Null for what holds nothing but its own.</summary>
    public Func<CancellationToken, Task<IReadOnlyList<string>>>? FindOthersAsync { get; init; }

    /// <summary>Begins to delete it, as above. Null for what goes with another.</summary>
    public Func<CancellationToken, Task<string?>>? DeleteAsync { get; init; }
}
