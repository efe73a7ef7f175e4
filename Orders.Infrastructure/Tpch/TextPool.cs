namespace Orders.Infrastructure.Tpch;

/// <summary>
/// The 300 MiB of pseudo text of which every comment is a part (TPC-H clause 4.2.2.14). It is one stream of sentences. With the seeds in
/// <see cref="TextPoolSections"/>, its sections can be written in parallel.
/// </summary>
internal sealed class TextPool
{
    public const int Length = 300 * 1024 * 1024;

    private readonly byte[] _text = GC.AllocateUninitializedArray<byte>(Length);

    private TextPool()
    {
    }

    /// <summary>Writes the whole pool on all processors. It keeps 300 MiB of memory for as long as it is referenced.</summary>
    public static TextPool Create(CancellationToken cancellationToken)
    {
        var pool = new TextPool();
        var options = new ParallelOptions { CancellationToken = cancellationToken, MaxDegreeOfParallelism = Environment.ProcessorCount };
        Parallel.For(0, TextPoolSections.Count, options, section =>
        {
            (int start, int end, uint seed) = TextPoolSections.Get(section);
            WriteSection(pool._text.AsSpan(start, end - start), seed);
        });
        return pool;
    }

    public ReadOnlySpan<byte> Cut(int offset, int length) => _text.AsSpan(offset, length);

    /// <summary>Fills <paramref name="target"/> with sentences. The last one is cut off at the end.</summary>
    /// <returns>The seed after the last sentence.</returns>
    internal static uint WriteSection(Span<byte> target, uint seed)
    {
        var writer = new SentenceWriter(target, seed);
        writer.Write(enough: target.Length);

        // The last sentences go through a buffer, because the store of a word may overwrite bytes after it, which belong to the next
        // section.
        Span<byte> rest = target[writer.Position..];
        Span<byte> buffer = stackalloc byte[2 * SentenceWriter.MaxLength];
        var last = new SentenceWriter(buffer, writer.Seed);
        last.Write(enough: rest.Length);
        buffer[..rest.Length].CopyTo(rest);
        return last.Seed;
    }
}
