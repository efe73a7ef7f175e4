namespace Orders.Infrastructure.Tpch;

/// <summary>One generated order, before it is written in a format. The comment is a range of the text pool, not a copy.</summary>
internal struct OrderRow
{
    public long OrderKey;
    public long CustomerKey;
    public byte Status;

    /// <summary>In hundredths of the currency.</summary>
    public long TotalPrice;

    /// <summary>Days since 1992-01-01.</summary>
    public int OrderDay;

    /// <summary>An index into <see cref="OrderPriorities"/>.</summary>
    public int Priority;

    public int Clerk;
    public int CommentOffset;
    public int CommentLength;
}
