using Orders.Tests.Support;

namespace Orders.Tests.Orders;

/// <summary>What shows in hundreds of samples. On foreign shards, where one takes half a second, they would take minutes.</summary>
[TestFixtureSource(typeof(TableScript), nameof(TableScript.LocalKinds))]
[Category("Persistence")]
internal sealed class SampleSpreadTests(TableKind kind)
{
    private TestDatabase _database = null!;

    [SetUp]
    public async Task SetUpAsync() => _database = await TestDatabase.CreateAsync(kind);

    [TearDown]
    public async Task TearDownAsync() => await _database.DisposeAsync();

    [Test]
    public async Task One_key_far_from_all_others_does_not_catch_the_draw()
    {
        await _database.InsertAsync(Enumerable.Range(1, 5000).Select(key => (long)key).Append(TableScript.LargestKey(kind)));
        var tenths = new int[10];
        for (int draw = 0; draw < 100; draw++)
        {
            foreach (long key in (await _database.Service().SampleKeysAsync(CancellationToken.None)).Where(key => key <= 5000))
            {
                tenths[(key - 1) * 10 / 5000]++;
            }
        }

        // 50 expected in each; fewer than 15 less than once in a million runs.
        Assert.That(tenths, Is.All.GreaterThan(15));
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
            IReadOnlyList<long> sample = await _database.Service().SampleKeysAsync(CancellationToken.None);
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
