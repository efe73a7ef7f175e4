namespace Orders.Application.Orders;

/// <summary>A numbered page (offset pagination), with totals where they were asked for.</summary>
public sealed record OrderPage
{
    /// <summary>From 1.</summary>
    public required int Number { get; init; }

    public required int Size { get; init; }

    public required OrderSlice Slice { get; init; }

    /// <summary>The total, or null when it was not asked for.</summary>
    public required OrderCount? Total { get; init; }

    /// <summary>The number of pages, rounded up; 0 for an empty table, null when the total was not asked for.</summary>
    public long? TotalPages => Total is { } total ? (total.Orders / Size) + (total.Orders % Size == 0 ? 0 : 1) : null;

    /// <summary>True past the end as well: there is a page before, were it only by number.</summary>
    public bool HasPrevious => Number > 1;
}
