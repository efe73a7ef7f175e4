using Orders.Application.Seeding;
using Orders.Infrastructure.Tpch;

namespace Orders.Tests.Tpch;

public sealed class OrderGeneratorTests
{
    // The first two sums are the project's reference data; the third is of dbgen 2.17.3's output.
    [TestCase("0.01", "21facd7dbefed34dbe35e6209ae364db")]
    [TestCase("0.1", "def0a19d6eb746e6a792ee78d502f6ae")]
    [TestCase("1", "e4dcfc65003fdea77b560ced6da43b42")]
    public async Task The_whole_table_equals_dbgens_byte_for_byte(string scaleFactor, string md5)
    {
        byte[] bytes = await GeneratedText.Bytes(scaleFactor, skipped: 0, ScaleFactor.Parse(scaleFactor).Orders);

        Assert.That(GeneratedText.Md5(bytes), Is.EqualTo(md5));
    }

    [Test]
    public async Task The_first_order_equals_the_published_one_including_its_trailing_blank()
    {
        const string first = "1|370|O|172799.49|1996-01-02|5-LOW|Clerk#000000951|0|nstructions sleep furiously among \n";

        Assert.That(await GeneratedText.Lines("0.01", skipped: 0, count: 1), Is.EqualTo(first));
    }

    [Test]
    public async Task Parts_of_any_length_concatenate_to_the_whole_table()
    {
        string whole = await GeneratedText.Lines("0.01", skipped: 0, count: 15_000);
        var parts = new List<string>();
        for (long skipped = 0, count = 1; skipped < 15_000; skipped += count, count = (count * 3) + 1)
        {
            parts.Add(await GeneratedText.Lines("0.01", skipped, Math.Min(count, 15_000 - skipped)));
        }

        Assert.That(string.Concat(parts), Is.EqualTo(whole));
    }

    [Test]
    public async Task Chunks_are_returned_in_order()
    {
        const int count = (5 * OrderChunks.RowsPerChunk) + 17;

        string[] lines = (await GeneratedText.Lines("1", skipped: 0, count)).Split('\n', StringSplitOptions.RemoveEmptyEntries);

        Assert.That(
            lines.Select(line => long.Parse(line.AsSpan(0, line.IndexOf('|', StringComparison.Ordinal)))),
            Is.EqualTo(Enumerable.Range(1, count).Select(number => OrderGenerator.SparseKey(number))));
    }

    // Parts that dbgen 2.17.3 wrote with its options -s, -C and -S. At scale factor 20,000 there are more parts than 31 bits can count.
    [TestCase("2", 77_776 * 3L, 3, "c4605a102b27e4c9785dd0392e3dba6a")]
    [TestCase("1433", 999_999 * 2149L, 502_149, "a105516a13a4c7c5ba7fb260ced28658")]
    [TestCase("10000", 9_999_999 * 1500L, 1500, "780408e8411e176a78f884b404e3d3a1")]
    [TestCase("20000", 999_998 * 30_000L, 30_000, "23af2a17478057fdbec080afab873ce9")]
    public async Task A_part_in_the_middle_of_a_large_table_equals_dbgens_byte_for_byte(string scaleFactor, long skipped, long count, string md5) =>
        Assert.That(GeneratedText.Md5(await GeneratedText.Bytes(scaleFactor, skipped, count)), Is.EqualTo(md5));

    [Test]
    public async Task The_last_order_of_a_large_table_has_a_key_beyond_32_bits()
    {
        const string last =
            "60000000000|1322789812|O|69514.95|1996-02-29|4-NOT SPECIFIED|Clerk#005226781|0|s the blithely final instructions\n";

        Assert.That(await GeneratedText.Lines("10000", ScaleFactor.Parse("10000").Orders - 1, count: 1), Is.EqualTo(last));
    }

    [TestCase("0.5", 750_000)]
    [TestCase("2.5", 3_750_000)]
    public async Task A_table_of_a_fractional_scale_factor_ends_with_its_last_order(string scaleFactor, long orders)
    {
        var scale = ScaleFactor.Parse(scaleFactor);

        string last = await GeneratedText.Lines(scaleFactor, orders - 1, count: 1);

        Assert.That(scale.Orders, Is.EqualTo(orders));
        Assert.That(last, Does.StartWith($"{OrderGenerator.SparseKey(orders)}|"));
    }

    [TestCase(1, 1)]
    [TestCase(7, 7)]
    [TestCase(8, 32)]
    [TestCase(15, 39)]
    [TestCase(16, 64)]
    [TestCase(1_500_000, 6_000_000)]
    [TestCase(15_000_000_000, 60_000_000_000)]
    public void Eight_of_every_thirty_two_keys_are_used(long number, long key) =>
        Assert.That(OrderGenerator.SparseKey(number), Is.EqualTo(key));

    [TestCase(1, 90_100)]
    [TestCase(999, 90_000 + 99 + 99_900)]
    [TestCase(200_010, 90_000 + 20_001 - 20_001 + 1_000)]
    public void The_price_of_a_part_follows_from_its_key(long partKey, long hundredths) =>
        Assert.That(OrderLines.RetailPrice(partKey), Is.EqualTo(hundredths));
}
