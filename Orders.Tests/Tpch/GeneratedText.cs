using System.Security.Cryptography;
using System.Text;
using Orders.Application.Seeding;
using Orders.Infrastructure.Tpch;

namespace Orders.Tests.Tpch;

/// <summary>Generated orders in dbgen's format. All tests share one text pool.</summary>
internal static class GeneratedText
{
    private static readonly Lazy<TextPool> Pool = new(() => TextPool.Create(CancellationToken.None));

    public static async Task<string> Lines(string scaleFactor, long skipped, long count) =>
        Encoding.ASCII.GetString(await Bytes(scaleFactor, skipped, count));

    public static async Task<byte[]> Bytes(string scaleFactor, long skipped, long count)
    {
        using var bytes = new MemoryStream();
        var chunks = new OrderChunks(ScaleFactor.Parse(scaleFactor), Pool.Value, TblFormat.Instance);
        await foreach (OrderChunk chunk in chunks.Generate(skipped, count, CancellationToken.None))
        {
            bytes.Write(chunk.Bytes.Span);
        }

        return bytes.ToArray();
    }

    /// <summary>The reference data is identified by MD5. It protects nothing.</summary>
#pragma warning disable CA5351
    public static string Md5(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(MD5.HashData(bytes));
#pragma warning restore CA5351
}
