using Orders.Application.Orders;

namespace Orders.Infrastructure.Orders;

/// <summary>How the keys are divided into blocks, and how many orders were counted in each.</summary>
internal sealed class KeyBlocks
{
    private readonly long _rows;
    private readonly long[] _firstKeys;
    private readonly List<Block> _blocks = [];

    private KeyBlocks(long? width, long rows, long[] firstKeys) => (Width, _rows, _firstKeys) = (width, rows, firstKeys);

    /// <summary>How many possible keys a block spans; null when the blocks have different widths.</summary>
    public long? Width { get; }

    /// <summary>The first possible key of each block, in ascending order, when they have different widths.</summary>
    public IReadOnlyList<long> FirstKeys => _firstKeys;

    public long Count { get; private set; }

    /// <summary>The blocks that hold more than a block should.</summary>
    public IReadOnlyList<Block> Crowded => [.. _blocks.Where(block => block.Orders > KeyIndex.MaxBlockSize)];

    /// <summary>There are far more orders than expected: blocks of another width will do.</summary>
    public bool IsTooWide => Width > 1 && Count / 2 > _rows;

    /// <summary>Blocks of one width, which hold <see cref="KeyIndex.BlockSize"/> orders each where keys are spread evenly.</summary>
    /// <param name="first">The smallest key.</param>
    /// <param name="last">The largest key.</param>
    /// <param name="rows">About how many orders there are.</param>
    public static KeyBlocks Even(long first, long last, long rows)
    {
        UInt128 keys = (UInt128)(last - first) + 1;
        UInt128 width = keys * KeyIndex.BlockSize / (UInt128)long.Max(rows, 1);
        return new KeyBlocks((long)UInt128.Clamp(width, 1, long.MaxValue), rows, []);
    }

    /// <summary>The blocks of an index.</summary>
    public static KeyBlocks Of(KeyIndex index) => new(null, index.Count, [.. index.AfterKeys.Select(key => key + 1)]);

    /// <summary>Takes the counts of a statement.</summary>
    /// <param name="counts">
    /// For each block that holds orders its number and how many. Blocks of one width are numbered by key / width, others from 1.
    /// </param>
    public void Fill(IEnumerable<(long Number, long Orders)> counts)
    {
        _blocks.Clear();
        Count = 0;
        foreach ((long number, long orders) in counts.OrderBy(block => block.Number))
        {
            long first = Width is { } width ? long.Max(1, number * width) : _firstKeys[number - 1];
            long last = Width is { } same ? LastOf(number, same) : number < _firstKeys.Length ? _firstKeys[number] - 1 : long.MaxValue;
            _blocks.Add(new Block(first, last, orders));
            Count += orders;
        }
    }

    /// <summary>The same blocks, with each crowded one divided evenly between its smallest and its largest key.</summary>
    /// <param name="spans">The smallest and the largest key of each crowded block.</param>
    public KeyBlocks Divide(IReadOnlyList<(long First, long Last)> spans)
    {
        List<long> firstKeys = [];
        int crowded = 0;
        foreach (Block block in _blocks)
        {
            firstKeys.Add(block.FirstKey);
            if (block.Orders > KeyIndex.MaxBlockSize)
            {
                (long first, long last) = spans[crowded++];
                KeyBlocks parts = Even(first, last, block.Orders);
                UInt128 step = (UInt128)parts.Width!.Value;
                for (UInt128 key = (UInt128)first + step; key <= (UInt128)last; key += step)
                {
                    firstKeys.Add((long)key);
                }

                // What comes behind a cluster is no part of it.
                if (last < block.LastKey)
                {
                    firstKeys.Add(last + 1);
                }
            }
        }

        firstKeys[0] = 1;
        return new KeyBlocks(null, Count, [.. firstKeys.Distinct()]);
    }

    /// <summary>The index of the counted blocks; small neighbours become one block.</summary>
    public KeyIndex ToIndex()
    {
        (List<long> afterKeys, List<long> counts) = ([], []);
        foreach (Block block in _blocks)
        {
            if (counts.Count > 0 && counts[^1] + block.Orders <= KeyIndex.BlockSize)
            {
                counts[^1] += block.Orders;
            }
            else
            {
                afterKeys.Add(counts.Count == 0 ? 0 : block.FirstKey - 1);
                counts.Add(block.Orders);
            }
        }

        return new KeyIndex(afterKeys, counts, hasEvenBlocks: Width is not null);
    }

    private static long LastOf(long number, long width) => (long)UInt128.Min(((UInt128)number + 1) * (UInt128)width - 1, long.MaxValue);

    /// <param name="FirstKey">The first possible key.</param>
    /// <param name="LastKey">The last possible key.</param>
    /// <param name="Orders">How many orders it holds.</param>
    internal readonly record struct Block(long FirstKey, long LastKey, long Orders);
}
