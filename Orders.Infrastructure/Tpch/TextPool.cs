namespace Orders.Infrastructure.Tpch;

/// <summary>
/// The 300 MiB of pseudo text that every comment is cut from (TPC-H clause 4.2.2.14). It is one stream of sentences; the seeds in
/// <see cref="TextPoolSections"/> let its sections be written at the same time.
/// </summary>
internal sealed class TextPool
{
    public const int Length = 300 * 1024 * 1024;

    private readonly byte[] _text = GC.AllocateUninitializedArray<byte>(Length);

    private TextPool()
    {
    }

    /// <summary>Writes the whole pool on all processors; 300 MiB stay in use for as long as it is referenced.</summary>
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

    /// <summary>Fills <paramref name="target"/> with sentences, the last one cut off at its end, and returns the seed after them.</summary>
    internal static uint WriteSection(Span<byte> target, uint seed)
    {
        var writer = new SentenceWriter(target, seed);
        writer.Write(enough: target.Length);

        // The last sentences are written aside and copied: a word's store may touch bytes after it, which belong to the next section.
        Span<byte> rest = target[writer.Position..];
        Span<byte> aside = stackalloc byte[2 * SentenceWriter.MaxLength];
        var last = new SentenceWriter(aside, writer.Seed);
        last.Write(enough: rest.Length);
        aside[..rest.Length].CopyTo(rest);
        return last.Seed;
    }
}
