using Orders.Domain;

namespace Orders.Application;

/// <summary>Consecutive orders, with the cursors of the slices before and after them (keyset pagination).</summary>
public sealed record OrderSlice
{
    public static readonly OrderSlice Empty = new() { Orders = [], HasNext = false, PreviousCursor = null };

    public required IReadOnlyList<Order> Orders { get; init; }

    /// <summary>Whether an order follows the last one.</summary>
    public required bool HasNext { get; init; }

    /// <summary>The cursor of exactly the orders before these; 0 when those are the first ones, null when there are none.</summary>
    public required long? PreviousCursor { get; init; }

    public bool HasPrevious => PreviousCursor is not null;

    /// <summary>The key of the last order when another follows it, else null.</summary>
    public long? NextCursor => HasNext ? Orders[^1].OrderKey : null;

    /// <summary>
    /// A slice out of the rows that were read for it: one more than <paramref name="pageSize"/> when an order follows.
    /// </summary>
    public static OrderSlice FromRows(List<Order> rows, int pageSize, long? previousCursor)
    {
        bool hasNext = rows.Count > pageSize;
        if (hasNext)
        {
            rows.RemoveRange(pageSize, rows.Count - pageSize);
        }

        return new OrderSlice { Orders = rows, HasNext = hasNext, PreviousCursor = previousCursor };
    }
}
