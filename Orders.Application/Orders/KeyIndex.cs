namespace Orders.Application.Orders;

/// <summary>
/// The number of orders, and how many of them each block of keys holds (a histogram): any offset is a seek and a few steps away.
/// </summary>
/// <remarks>16 bytes a block.</remarks>
public sealed class KeyIndex
{
    /// <summary>How many orders a block is meant to hold.</summary>
    public const int BlockSize = 1000;

    /// <summary>How many orders a block holds at most, for any distribution of the keys.</summary>
    public const int MaxBlockSize = 4 * BlockSize;

    private readonly long[] _afterKeys;
    private readonly long[] _offsets;

    /// <param name="afterKeys">For each block the key before its first possible one, in ascending order. The first is 0.</param>
    /// <param name="counts">How many orders each block holds.</param>
    /// <param name="hasEvenBlocks">The keys are spread so evenly that blocks of the same width hold about as many orders.</param>
    public KeyIndex(IReadOnlyList<long> afterKeys, IReadOnlyList<long> counts, bool hasEvenBlocks = true)
    {
        _afterKeys = [.. afterKeys];
        _offsets = new long[counts.Count];
        for (int block = 0; block < counts.Count; block++)
        {
            _offsets[block] = Count;
            Count += counts[block];
        }

        HasEvenBlocks = hasEvenBlocks;
    }

    /// <summary>The number of orders.</summary>
    public long Count { get; }

    /// <summary>The keys are spread so evenly that blocks of the same width hold about as many orders.</summary>
    public bool HasEvenBlocks { get; }

    /// <summary>For each block the key before its first possible one, in ascending order.</summary>
    public IReadOnlyList<long> AfterKeys => _afterKeys;

    /// <summary>Where the order at an offset is: the key to seek, 0 for the start, and how many orders to skip after it.</summary>
    public (long AfterKey, long Skip) Locate(long offset)
    {
        int found = Array.BinarySearch(_offsets, offset);
        int block = found >= 0 ? found : ~found - 1;
        return block <= 0 ? (0, offset) : (_afterKeys[block], offset - _offsets[block]);
    }
}
