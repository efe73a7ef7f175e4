using Orders.Application.Lakebase;

namespace Orders.Infrastructure.Lakebase.Provisioning;

/// <summary>A resource of the workspace: how to observe, create and delete it.</summary>
internal sealed record WorkspaceResource
{
    public static readonly TimeSpan DefaultTimeout = TimeSpan.FromMinutes(20);

    /// <summary>Its kind, for a reader.</summary>
    public required string Label { get; init; }

    public required string Name { get; init; }

    /// <summary>The right that it takes to create or delete it.</summary>
    public required string Right { get; init; }

    /// <summary>The time limit until it is usable, or gone.</summary>
    public TimeSpan Timeout { get; init; } = DefaultTimeout;

    /// <summary>The other resources do not need it.</summary>
    public bool IsOptional { get; init; }

    /// <summary>It is usable before the operation that creates it ends: a synced table's may end only with the copying.</summary>
    public bool IsUsableEarly { get; init; }

    /// <summary>Observes it, and compares it with the request unless that is null.</summary>
    public required Func<CreateResources?, CancellationToken, Task<Observation>> ObserveAsync { get; init; }

    /// <summary>
    /// Starts to create it, and returns the path of the operation if there is one. Null for a resource that comes with another.
    /// </summary>
    public Func<CreateResources, CancellationToken, Task<string?>>? CreateAsync { get; init; }

    /// <summary>Finds the names in it that are not configured here. Null for a resource that can hold no others.</summary>
    public Func<CancellationToken, Task<IReadOnlyList<string>>>? FindOthersAsync { get; init; }

    /// <summary>Starts to delete it, like <see cref="CreateAsync"/>. Null for a resource that goes with another.</summary>
    public Func<CancellationToken, Task<string?>>? DeleteAsync { get; init; }
}
