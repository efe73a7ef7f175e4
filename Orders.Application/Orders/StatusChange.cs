using Orders.Domain;

namespace Orders.Application.Orders;

/// <summary>A new status for an order, on a condition or without one.</summary>
public sealed record StatusChange
{
    public required long OrderKey { get; init; }

    public required OrderStatus Status { get; init; }

    /// <summary>The order has to be one of these versions; null for any.</summary>
    public IReadOnlyList<OrderVersion>? Versions { get; init; }

    /// <summary>The new version is wanted.</summary>
    public bool ReturnsVersion { get; init; }

    /// <param name="versions">The orders that there are, with their versions; null of rows that can't be read as orders.</param>
    /// <returns>Why the change can't be made; null when it can.</returns>
    public StatusChangeResult? ReasonIn(IReadOnlyDictionary<long, OrderVersion?> versions)
    {
        ArgumentNullException.ThrowIfNull(versions);
        return !versions.TryGetValue(OrderKey, out OrderVersion? version) ? new(StatusChangeOutcome.OrderNotFound)
            : Versions?.Any(expected => expected == version) == false ? new(StatusChangeOutcome.OtherVersion, version)
            : null;
    }
}

/// <summary>What became of a change.</summary>
/// <param name="Outcome">The outcome.</param>
/// <param name="Version">The order's version now, where the change asks for it or names others; else null.</param>
public readonly record struct StatusChangeResult(StatusChangeOutcome Outcome, OrderVersion? Version = null);

/// <summary>The outcome of a change on a condition, or of one of several.</summary>
public enum StatusChangeOutcome
{
    /// <summary>The order has the status now, durably. It may have had it before.</summary>
    Changed,

    OrderNotFound,

    /// <summary>The order is none of the versions that the change names, and was not changed.</summary>
    OtherVersion,

    /// <summary>Others of the changes, which had to be made all or none, could not be made. So this one was not either.</summary>
    LeftOut,
}
