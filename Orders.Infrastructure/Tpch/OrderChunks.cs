using System.Runtime.CompilerServices;
using Orders.Application.Seeding;

namespace Orders.Infrastructure.Tpch;

/// <summary>
/// Cuts a range of orders into chunks that are generated ahead on all processors and handed out in order. Only the chunks ahead are in memory:
/// whoever writes them sets the pace.
/// </summary>
internal sealed class OrderChunks(ScaleFactor scaleFactor, TextPool pool, OrderFormat format)
{
    /// <summary>About 1 MB, which takes some milliseconds to generate.</summary>
    public const int RowsPerChunk = 8192;

    private static readonly int Ahead = Environment.ProcessorCount + 1;

    /// <summary>The <paramref name="count"/> orders after the first <paramref name="skipped"/> ones.</summary>
    public async IAsyncEnumerable<OrderChunk> Generate(long skipped, long count, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var end = skipped + count;
        var next = skipped;
        var free = new Stack<byte[]>();
        var chunks = new Queue<(byte[] Buffer, Task<OrderChunk> Chunk)>();
        while (true)
        {
            while (next < end && chunks.Count < Ahead)
            {
                var first = next;
                var rows = (int)Math.Min(RowsPerChunk, end - first);
                var buffer = free.TryPop(out var used) ? used : GC.AllocateUninitializedArray<byte>(RowsPerChunk * format.MaxRowLength);
                chunks.Enqueue((buffer, Task.Run(() => Fill(buffer, first, rows), cancellationToken)));
                next += rows;
            }

            if (!chunks.TryDequeue(out var oldest))
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
        var encode = format.Encode;
        var length = 0;
        for (var i = 0; i < rows; i++)
        {
            generator.Next(out var row);
            length += encode(row, pool.Cut(row.CommentOffset, row.CommentLength), buffer.AsSpan(length));
        }

        return new OrderChunk { Bytes = buffer.AsMemory(0, length), Rows = rows };
    }
}
