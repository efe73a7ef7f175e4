namespace Orders.Application.Orders;

/// <summary>What one walk over the keys finds: how many there are, and every thousandth, so that an offset is a seek away.</summary>
public sealed record OrderKeys
{
    /// <summary>How many keys lie between two boundaries.</summary>
    public const int Distance = 1000;

    /// <summary>The number of orders.</summary>
    public required long Count { get; init; }

    /// <summary>The keys of the orders number 1000, 2000, … in ascending order.</summary>
    public required IReadOnlyList<long> Boundaries { get; init; }

    /// <summary>The key to seek, 0 for the start, and how many orders to skip after it; at most <see cref="Distance"/> up to the end.</summary>
    public (long AfterKey, long Skip) Locate(long offset)
    {
        int boundary = (int)long.Min(offset / Distance, Boundaries.Count);
        return (boundary == 0 ? 0 : Boundaries[boundary - 1], offset - ((long)boundary * Distance));
    }
}
