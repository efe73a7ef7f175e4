using System.Runtime.CompilerServices;
using Orders.Application.Seeding;

namespace Orders.Infrastructure.Tpch;

/// <summary>
/// Generates a range of orders in chunks, several at a time on several processors, and returns the chunks in order. Only the chunks
/// generated ahead are in memory: when the caller is slow, generation waits.
/// </summary>
internal sealed class OrderChunks(ScaleFactor scaleFactor, TextPool pool, OrderFormat format)
{
    /// <summary>About 1 MB, which takes some milliseconds to generate.</summary>
    public const int RowsPerChunk = 8192;

    // Eight processors generate rows faster than any disk or database takes them. More chunks would only use more memory.
    private static readonly int MaxChunksAhead = Math.Min(Environment.ProcessorCount, 8) + 1;

    /// <summary>The <paramref name="count"/> orders after the first <paramref name="skipped"/> ones.</summary>
    public async IAsyncEnumerable<OrderChunk> Generate(
        long skipped, long count, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        long end = skipped + count;
        long next = skipped;
        var free = new Stack<byte[]>();
        var chunks = new Queue<(byte[] Buffer, Task<OrderChunk> Chunk)>();
        while (true)
        {
            while (next < end && chunks.Count < MaxChunksAhead)
            {
                long first = next;
                int rows = (int)Math.Min(RowsPerChunk, end - first);
                byte[] buffer = free.TryPop(out byte[]? used)
                    ? used
                    : GC.AllocateUninitializedArray<byte>(RowsPerChunk * format.MaxRowLength);
                chunks.Enqueue((buffer, Task.Run(() => Fill(buffer, first, rows), cancellationToken)));
                next += rows;
            }

            if (!chunks.TryDequeue(out (byte[] Buffer, Task<OrderChunk> Chunk) oldest))
            {
                yield break;
            }

            yield return await oldest.Chunk;
            free.Push(oldest.Buffer);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private OrderChunk Fill(byte[] buffer, long skipped, int rows)
    {
        var generator = new OrderGenerator(scaleFactor, skipped);
        OrderEncoder encode = format.Encode;
        int length = 0;
        for (int i = 0; i < rows; i++)
        {
            generator.Next(out OrderRow row);
            length += encode(row, pool.Cut(row.CommentOffset, row.CommentLength), buffer.AsSpan(length));
        }

        return new OrderChunk { Bytes = buffer.AsMemory(0, length), Rows = rows };
    }
}

/// <summary>Consecutive orders in one format. The bytes are valid until the next chunk is requested.</summary>
internal readonly record struct OrderChunk
{
    public required ReadOnlyMemory<byte> Bytes { get; init; }

    public required int Rows { get; init; }
}
