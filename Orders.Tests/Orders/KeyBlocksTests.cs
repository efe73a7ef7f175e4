using Orders.Application.Orders;
using Orders.Tests.Support;

namespace Orders.Tests.Orders;

/// <summary>Whatever the keys are, an offset is some thousand index steps away at most.</summary>
[Category("Persistence")]
internal sealed class KeyBlocksTests
{
    private const int Rows = 20_000;

    private static IEnumerable<TestCaseData> Distributions()
    {
        yield return Named("dense", number => number);
        yield return Named("eight of each 32, as TPC-H", number => (number / 8 * 32) + (number % 8) + 1);
        yield return Named("the last keys of 64 bits", number => long.MaxValue - Rows + number);
        yield return Named("64-bit keys by time", number => (1_700_000_000_000L + (number * 7)) << 20 | (number % 3));
        yield return Named("one key far away", number => number == Rows ? long.MaxValue : number);
        yield return Named("a few keys far apart before a dense rest", number => number < 5 ? number * 1000 : (1L << 62) + number);
        yield return Named("two clusters with a gap of 2^62", number => number % 2 == 0 ? number : (1L << 62) + number);
        yield return Named("a cluster for each of 50 tenants", number => ((number % 50) + 1 << 40) + number);
        yield return Named("clusters in clusters", number => ((number % 3) + 1 << 60) + ((number % 2) << 45) + number);
        yield return Named("ever wider gaps", number => number < 62 ? 1L << (int)number : (1L << 33) + number);

        static TestCaseData Named(string name, Func<long, long> key) => new TestCaseData(key).SetArgDisplayNames(name);
    }

    [TestCaseSource(nameof(Distributions))]
    public async Task Every_offset_is_found_in_few_steps(Func<long, long> key)
    {
        long[] keys = [.. Enumerable.Range(1, Rows).Select(number => key(number)).Order()];
        Assert.That(keys, Is.Unique);
        await using TestDatabase database = await TestDatabase.CreateAsync(keys);
        KeyIndex index = await database.Repository.ReadKeyIndexAsync(last: null, CancellationToken.None);
        await AssertAsync(database, index, keys);

        // Taken again with the blocks of the last one, after a part of the keys has gone.
        long[] rest = [.. keys.Where((_, number) => number % 5 > 0 && number > Rows / 4)];
        await database.ExecuteAsync("delete from orders_synced where not o_orderkey = any(@rest)", new { rest });
        await AssertAsync(database, await database.Repository.ReadKeyIndexAsync(index, CancellationToken.None), rest);
    }

    [Test]
    public async Task A_table_that_has_grown_since_the_last_index_is_divided_again()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(1, 2, 3);
        KeyIndex index = await database.Repository.ReadKeyIndexAsync(last: null, CancellationToken.None);
        long[] keys = [1, 2, 3, .. Enumerable.Range(1, Rows).Select(number => (1L << 50) + number)];
        await database.InsertAsync(keys.Skip(3));
        await AssertAsync(database, await database.Repository.ReadKeyIndexAsync(index, CancellationToken.None), keys);
    }

    [Test]
    public async Task Keys_that_are_not_positive_are_no_orders()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(-5, 0, 1, 2);
        Assert.That((await database.Repository.ReadKeyIndexAsync(last: null, CancellationToken.None)).Count, Is.EqualTo(2));
    }

    private static async Task AssertAsync(TestDatabase database, KeyIndex index, long[] keys)
    {
        Assert.That(index.Count, Is.EqualTo(keys.Length));
        Assert.That(index.AfterKeys, Is.Ordered.And.Count.LessThanOrEqualTo((3 * keys.Length / KeyIndex.BlockSize) + 130));
        for (int offset = 0; offset < keys.Length; offset += 797)
        {
            (long afterKey, long skip) = index.Locate(offset);
            Assert.That(skip, Is.LessThan(KeyIndex.MaxBlockSize), $"offset {offset}");
            Assert.That(await database.Repository.KeyAtAsync(afterKey, skip, CancellationToken.None), Is.EqualTo(keys[offset]), $"offset {offset}");
        }
    }
}
