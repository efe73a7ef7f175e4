using Orders.Application.Overlay;
using Orders.Tests.Support;

namespace Orders.Tests.Orders;

[TestFixture(StatusChangeMode.InPlace)]
[TestFixture(StatusChangeMode.Overlay)]
[Category("Persistence")]
internal sealed class SampleTests(StatusChangeMode mode)
{
    private TestDatabase _database = null!;

    [SetUp]
    public async Task SetUpAsync() => _database = await TestDatabase.CreateAsync(mode);

    [TearDown]
    public async Task TearDownAsync() => await _database.DisposeAsync();

    [TestCase(0, 0)]
    [TestCase(1, 1)]
    [TestCase(4, 4)]
    [TestCase(5, 5)]
    [TestCase(99, 5)]
    [TestCase(100, 5)]
    [TestCase(101, 5)]
    public async Task A_sample_is_five_distinct_keys_or_all_there_are(int rows, int expected)
    {
        await _database.InsertAsync(Enumerable.Range(1, rows).Select(key => (long)key * 7));
        IReadOnlyList<long> sample = await _database.Repository.SampleKeysAsync(5, CancellationToken.None);
        Assert.That(sample, Has.Count.EqualTo(expected));
        Assert.That(sample, Is.Unique.And.All.Matches<long>(key => key % 7 == 0 && key <= rows * 7));
    }

    [Test]
    public async Task Keys_at_the_ends_of_64_bits_leave_no_gap_that_can_not_be_crossed()
    {
        await _database.InsertAsync(Enumerable.Range(1, 120).Select(key => (long)key).Append(long.MaxValue));
        for (int draw = 0; draw < 20; draw++)
        {
            Assert.That(await _database.Repository.SampleKeysAsync(5, CancellationToken.None), Has.Count.EqualTo(5).And.Unique);
        }
    }

    [Test]
    public async Task One_key_far_from_all_others_does_not_catch_the_draw()
    {
        await _database.InsertAsync(Enumerable.Range(1, 5000).Select(key => (long)key).Append(long.MaxValue));
        var tenths = new int[10];
        for (int draw = 0; draw < 100; draw++)
        {
            foreach (long key in (await _database.Repository.SampleKeysAsync(5, CancellationToken.None)).Where(key => key <= 5000))
            {
                tenths[(key - 1) * 10 / 5000]++;
            }
        }

        // 50 expected in each; fewer than 15 less than once in a million runs.
        Assert.That(tenths, Is.All.GreaterThan(15));
    }

    [Test]
    public async Task Two_clusters_far_apart_are_both_drawn_from()
    {
        long[] keys = [.. Enumerable.Range(1, 1000).Select(key => (long)key)];
        await _database.InsertAsync(keys.Concat(keys.Select(key => (long.MaxValue / 2) + key)));
        var drawn = new List<long>();
        for (int draw = 0; draw < 20; draw++)
        {
            drawn.AddRange(await _database.Repository.SampleKeysAsync(5, CancellationToken.None));
        }

        // Of 100 drawn, half are expected on either side.
        Assert.That(drawn.Count(key => key <= 1000), Is.InRange(20, 80));
    }

    [Test]
    public async Task Samples_come_from_the_whole_table_and_differ()
    {
        // Sparse as TPC-H's keys are: 8 of 32.
        await _database.InsertAsync(Enumerable.Range(0, 8000).Select(number => ((number >> 3) << 5) + (number & 7L) + 1));
        var tenths = new int[10];
        var draws = new HashSet<string>();
        for (int draw = 0; draw < 200; draw++)
        {
            IReadOnlyList<long> sample = await _database.Repository.SampleKeysAsync(5, CancellationToken.None);
            draws.Add(string.Join(',', sample));
            foreach (long key in sample)
            {
                tenths[(key - 1) * 10 / 32000]++;
            }
        }

        // 100 expected in each tenth; a fair draw leaves 50 to 150 less than once in a million runs.
        Assert.That(tenths, Is.All.InRange(50, 150));
        Assert.That(draws, Has.Count.EqualTo(200));
    }
}
