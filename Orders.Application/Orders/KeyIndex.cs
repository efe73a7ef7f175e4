namespace Orders.Application.Orders;

/// <summary>The number of orders, and where each block of them ends: any offset is a seek and a few steps away.</summary>
public sealed record KeyIndex
{
    /// <summary>How many orders a block holds.</summary>
    public const int BlockSize = 1000;

    /// <summary>The number of orders.</summary>
    public required long Count { get; init; }

    /// <summary>The last key of each full block, in ascending order: those of the orders number 1000, 2000, …</summary>
    public required IReadOnlyList<long> BlockEnds { get; init; }

    /// <summary>Where the order at an offset is: the key to seek, 0 for the start, and how many orders to skip after it.</summary>
    public (long AfterKey, long Skip) Locate(long offset)
    {
        int block = (int)long.Min(offset / BlockSize, BlockEnds.Count);
        return (block == 0 ? 0 : BlockEnds[block - 1], offset - ((long)block * BlockSize));
    }
}
