namespace Orders.Domain;

/// <summary>An order, a row of the TPC-H table <c>orders</c> (specification clause 1.4.1).</summary>
public sealed record Order
{
    /// <summary>The primary key: positive, sparse, 64-bit.</summary>
    public required long OrderKey { get; init; }

    public required long CustomerKey { get; init; }

    /// <summary>The status as it is stored, whatever it is; <see cref="OrderStatus"/> says which may be written.</summary>
    public required string Status { get; init; }

    /// <summary>Exact, with two decimals.</summary>
    public required decimal TotalPrice { get; init; }

    public required DateOnly OrderDate { get; init; }

    public required string Priority { get; init; }

    public required string Clerk { get; init; }

    public required int ShipPriority { get; init; }

    /// <summary>Blanks at either end are data: TPC-H cuts comments out of a running text.</summary>
    public required string Comment { get; init; }
}
