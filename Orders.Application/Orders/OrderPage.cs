namespace Orders.Application.Orders;

/// <summary>A numbered page (offset pagination), with totals on request.</summary>
public sealed record OrderPage
{
    /// <summary>From 1.</summary>
    public required int Number { get; init; }

    public required int Size { get; init; }

    public required OrderSlice Slice { get; init; }

    /// <summary>Null unless requested.</summary>
    public required OrderCount? Total { get; init; }

    /// <summary>The number of pages, rounded up; 0 for an empty table, null without a total.</summary>
    public long? TotalPages => Total is { } total ? (total.Orders / Size) + (total.Orders % Size == 0 ? 0 : 1) : null;

    /// <summary>True past the end too: a page with a lower number exists.</summary>
    public bool HasPrevious => Number > 1;

    /// <summary>The number of the page after this one; null when no order follows.</summary>
    public long? NextNumber => Slice.HasNext && Number < int.MaxValue ? Number + 1 : null;

    /// <summary>The number of the page before this one, past the end the last one where that is known; null on the first.</summary>
    public long? PreviousNumber => HasPrevious ? long.Min(Number - 1, LastNumber ?? long.MaxValue) : null;

    /// <summary>The number of the last page, of an empty table the first; null without a total, and when it is too large to ask for.</summary>
    public long? LastNumber => TotalPages is { } pages and <= int.MaxValue ? long.Max(pages, 1) : null;
}
