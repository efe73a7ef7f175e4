using Orders.Application.Orders;
using Orders.Tests.Support;

namespace Orders.Tests.Orders;

[TestFixtureSource(typeof(TableScript), nameof(TableScript.Kinds))]
[Category("Persistence")]
internal sealed class SampleTests(TableKind kind)
{
    private TestDatabase _database = null!;

    [SetUp]
    public async Task SetUpAsync() => _database = await TestDatabase.CreateAsync(kind);

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
        IReadOnlyList<long> sample = await _database.Service().SampleKeysAsync(CancellationToken.None);
        Assert.That(sample, Has.Count.EqualTo(expected));
        Assert.That(sample, Is.Unique.And.All.Matches<long>(key => key % 7 == 0 && key <= rows * 7));
    }

    [Test]
    public async Task Keys_at_the_ends_of_their_type_leave_no_gap_that_can_not_be_crossed()
    {
        await _database.InsertAsync(Enumerable.Range(1, 120).Select(key => (long)key).Append(TableScript.LargestKey(kind)));
        for (int draw = 0; draw < 20; draw++)
        {
            Assert.That(await _database.Service().SampleKeysAsync(CancellationToken.None), Has.Count.EqualTo(5).And.Unique);
        }
    }

    [Test]
    public async Task Two_clusters_far_apart_are_both_drawn_from()
    {
        long[] keys = [.. Enumerable.Range(1, 1000).Select(key => (long)key)];
        await _database.InsertAsync(keys.Concat(keys.Select(key => (TableScript.LargestKey(kind) / 2) + key)));
        var drawn = new List<long>();
        for (int draw = 0; draw < 20; draw++)
        {
            drawn.AddRange(await _database.Service().SampleKeysAsync(CancellationToken.None));
        }

        // Of 100 drawn, half are expected on either side.
        Assert.That(drawn.Count(key => key <= 1000), Is.InRange(20, 80));
    }

    [Test]
    public async Task Samples_that_are_taken_at_the_same_time_are_five_keys_each_and_differ()
    {
        await _database.InsertAsync(Enumerable.Range(1, 1000).Select(key => (long)key * 3));
        OrderService service = _database.Service(TimeSpan.FromHours(1));
        await service.CountAsync(null, CancellationToken.None);
        IReadOnlyList<long>[] samples = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => service.SampleKeysAsync(CancellationToken.None)));
        Assert.That(samples.Select(sample => sample.Distinct().Count()), Is.All.EqualTo(5));
        Assert.That(samples.SelectMany(sample => sample), Is.All.Matches<long>(key => key % 3 == 0 && key is >= 3 and <= 3000));
        Assert.That(samples.Select(sample => string.Join(',', sample)).Distinct().Count(), Is.GreaterThan(5));
    }
}
