using FsCheck;
using FsCheck.Fluent;
using Orders.Tests.Support;

namespace Orders.Tests.Orders;

/// <summary>What holds for every table and every page size.</summary>
[TestFixtureSource(typeof(TableScript), nameof(TableScript.Kinds))]
internal sealed class PagingPropertyTests(TableKind kind)
{
    private TestDatabase _database = null!;
    private RunningApi _api = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _database = await TestDatabase.CreateAsync(kind);
        _api = await RunningApi.StartAsync(_database.ConnectionString, [.. _database.Settings, "--Orders:CountMaxAge=0"]);
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        await _api.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Test]
    public void Walking_forward_then_back_visits_every_order_once_each_way() => ForTables(async (keys, pageSize) =>
    {
        var forward = new List<long[]>();
        long? cursor = 0;
        RunningApi.Answer answer;
        do
        {
            answer = await StreamAsync(cursor.Value, pageSize);
            forward.Add(answer.Keys);
            cursor = answer.Cursor("next_cursor");
        }
        while (cursor is not null);

        var backward = new List<long[]> { answer.Keys };
        while (answer.Cursor("previous_cursor") is { } previous)
        {
            answer = await StreamAsync(previous, pageSize);
            backward.Add(answer.Keys);
        }

        backward.Reverse();
        Assert.That(forward.SelectMany(slice => slice), Is.EqualTo(keys));
        Assert.That(backward, Is.EqualTo(forward));
    });

    [Test]
    public void Pages_are_the_slices_and_the_table() => ForTables(async (keys, pageSize) =>
    {
        long pages = Math.Max(1, (keys.Length + pageSize - 1) / pageSize);
        for (int page = 1; page <= pages; page++)
        {
            RunningApi.Answer answer = await PageAsync(page, pageSize, "true");
            RunningApi.Answer uncounted = await PageAsync(page, pageSize, "false");
            long[] expected = [.. keys.Skip((page - 1) * pageSize).Take(pageSize)];
            Assert.That(answer.Keys, Is.EqualTo(expected));
            Assert.That(uncounted.Keys, Is.EqualTo(expected));
            Assert.That(answer.Pagination.GetProperty("total_count").GetInt64(), Is.EqualTo(keys.Length));
            Assert.That(answer.Pagination.GetProperty("has_next").GetBoolean(), Is.EqualTo(page < pages));

            if (answer.Cursor("next_cursor") is { } next)
            {
                Assert.That((await StreamAsync(next, pageSize)).Keys, Is.EqualTo(keys.Skip(page * pageSize).Take(pageSize)));
            }

            Assert.That(answer.Cursor("previous_cursor") is not null, Is.EqualTo(page > 1));
            if (answer.Cursor("previous_cursor") is { } previous)
            {
                Assert.That((await StreamAsync(previous, pageSize)).Keys, Is.EqualTo(keys.Skip((page - 2) * pageSize).Take(pageSize)));
            }
        }
    });

    [Test]
    public void A_slice_starts_after_any_cursor_and_its_previous_cursor_shows_the_orders_before_it() => ForTables(async (keys, pageSize) =>
    {
        long cursor = keys.Length == 0 ? 17 : keys[keys.Length / 2] + (keys.Length % 2);
        RunningApi.Answer answer = await StreamAsync(cursor, pageSize);
        long[] before = [.. keys.Where(key => key <= cursor)];
        Assert.That(answer.Keys, Is.EqualTo(keys.Where(key => key > cursor).Take(pageSize)));
        Assert.That(answer.Pagination.GetProperty("has_previous").GetBoolean(), Is.EqualTo(before.Length > 0));
        if (before.Length >= pageSize)
        {
            Assert.That((await StreamAsync(answer.Cursor("previous_cursor")!.Value, pageSize)).Keys, Is.EqualTo(before.TakeLast(pageSize)));
        }
        else
        {
            Assert.That(answer.Cursor("previous_cursor"), Is.EqualTo(before.Length > 0 ? 0L : null));
        }
    });

    [Test]
    public void A_sample_is_distinct_existing_keys_at_every_size() => ForTables(async (keys, _) =>
    {
        RunningApi.Answer answer = await _api.GetAsync("/api/v1/orders/sample");
        long[] sample = [.. answer.Json.GetProperty("sample_order_keys").EnumerateArray().Select(key => key.GetInt64())];
        Assert.That(sample, Is.SubsetOf(keys).And.Unique);
        Assert.That(sample, Has.Length.EqualTo(Math.Min(5, keys.Length)));
    });

    /// <summary>Key sets that are dense, sparse as TPC-H's are, or anywhere in the key's type.</summary>
    private void ForTables(Func<long[], int, Task> property)
    {
        Gen<long> key = Gen.OneOf(
            Gen.Choose(1, 60).Select(number => (long)number),
            Gen.Choose(1, 400).Select(number => ((number >> 3) << 5) + (number & 7L) + 1),
            Gen.Choose(1, int.MaxValue).Select(number => kind == TableKind.TpchTypes ? number : ((long)number << 32) | uint.MaxValue));
        Gen<long[]> keys = Gen.OneOf(key.ListOf(), key.ListOf(150)).Select(list => list.Distinct().Order().ToArray());
        Gen<int> pageSize = Gen.OneOf(Gen.Choose(1, 12), Gen.Choose(1, 200));
        Prop.ForAll(keys.ToArbitrary(), pageSize.ToArbitrary(), (table, size) =>
        {
            _database.ExecuteAsync($"delete from {_database.Table}").GetAwaiter().GetResult();
            _database.InsertAsync(table).GetAwaiter().GetResult();
            property(table, size).GetAwaiter().GetResult();
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(30));
    }

    private Task<RunningApi.Answer> StreamAsync(long cursor, int pageSize) =>
        _api.GetAsync($"/api/v1/orders/stream?cursor={cursor}&page_size={pageSize}");

    private Task<RunningApi.Answer> PageAsync(int page, int pageSize, string includeCount) =>
        _api.GetAsync($"/api/v1/orders/pages?page={page}&page_size={pageSize}&include_count={includeCount}");
}
