using Orders.Domain;

namespace Orders.Application.Orders;

/// <summary>Consecutive orders, with the cursors of the slices before and after them (keyset pagination).</summary>
public sealed record OrderSlice
{
    public required IReadOnlyList<Order> Orders { get; init; }

    /// <summary>The key of the last order when another one follows, else null.</summary>
    public required long? NextCursor { get; init; }

    /// <summary>The cursor of the orders just before these; 0 when those are the first ones, null when there are none.</summary>
    public required long? PreviousCursor { get; init; }

    public bool HasNext => NextCursor is not null;

    public bool HasPrevious => PreviousCursor is not null;
}
