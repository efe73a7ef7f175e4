using Orders.Application.Orders;
using Orders.Domain;
using Orders.Tests.Support;

namespace Orders.Tests.Orders;

/// <summary>Pages by number are what <c>offset</c> would answer, though found by a seek.</summary>
[TestFixtureSource(typeof(TableScript), nameof(TableScript.Kinds))]
[Category("Persistence")]
internal sealed class DeepPageTests(TableKind kind)
{
    private const int Rows = 3_456;

    private TestDatabase _database = null!;

    [SetUp]
    public async Task SetUpAsync() => _database = await TestDatabase.CreateAsync(kind, Enumerable.Range(1, Rows).Select(Key));

    [TearDown]
    public async Task TearDownAsync() => await _database.DisposeAsync();

    [Test]
    public async Task The_key_index_finds_every_order_in_blocks_of_limited_size()
    {
        KeyIndex keys = await _database.Repository.ReadKeyIndexAsync(last: null, CancellationToken.None);
        Assert.That(keys.Count, Is.EqualTo(Rows));
        foreach (int offset in Enumerable.Range(0, Rows).Where(offset => offset % 111 == 0 || offset == Rows - 1))
        {
            (long afterKey, long skip) = keys.Locate(offset);
            Assert.That(skip, Is.LessThan(KeyIndex.MaxBlockSize));
            Assert.That(await _database.Repository.KeyAtAsync(afterKey, skip, CancellationToken.None), Is.EqualTo(Key(offset + 1)));
        }
    }

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(999)]
    [TestCase(1000)]
    [TestCase(2000)]
    public async Task The_count_is_exact_for_any_number_of_orders(int rows)
    {
        await _database.ExecuteAsync($"delete from {_database.Table} where o_orderkey > {Key(rows)}");
        KeyIndex keys = await _database.Repository.ReadKeyIndexAsync(last: null, CancellationToken.None);
        Assert.That(keys.Count, Is.EqualTo(rows));
    }

    [TestCase(1)]
    [TestCase(97)]
    [TestCase(1000)]
    public async Task Every_page_is_what_offset_would_answer(int size)
    {
        OrderService service = Service(TimeSpan.FromHours(1));
        int last = ((Rows + size - 1) / size) + 1;

        // Pages of one order are too many to ask for each: those at the boundaries, and a part of the others.
        foreach (int page in Enumerable.Range(1, last).Where(page => size > 1 || page % 1000 is >= 998 or <= 2 || page % 37 == 0 || page >= last - 2))
        {
            OrderPage answer = await service.PageAsync(page, size, includeCount: page % 2 == 0, null, CancellationToken.None);
            Assert.That(Keys(answer), Is.EqualTo(Enumerable.Range(1, Rows).Select(Key).Skip((page - 1) * size).Take(size)), $"page {page}");
        }
    }

    [Test]
    public async Task Status_changes_move_no_page()
    {
        OrderService service = Service(TimeSpan.FromHours(1));
        await WhileStatusesChangeAsync(service, async () =>
        {
            for (int page = 12; page <= 35; page++)
            {
                OrderPage answer = await service.PageAsync(page, 100, includeCount: true, null, CancellationToken.None);
                Assert.That(Keys(answer), Is.EqualTo(Enumerable.Range(1, Rows).Select(Key).Skip((page - 1) * 100).Take(100)), $"page {page}");
            }
        });
    }

    [Test]
    public async Task Pages_are_what_offset_answers_again_after_orders_came_and_went_while_statuses_change()
    {
        var time = new Microsoft.Extensions.Time.Testing.FakeTimeProvider();
        OrderService service = Service(TimeSpan.FromSeconds(2), time);
        await WhileStatusesChangeAsync(service, async () =>
        {
            for (int round = 1; round <= 6; round++)
            {
                await service.CountAsync(null, CancellationToken.None);
                await _database.ExecuteAsync($"delete from {_database.Table} where o_orderkey between {Key(400 * round)} and {Key((400 * round) + 150)}");

                // Between the others: these keys are in the gaps.
                await _database.InsertAsync(Enumerable.Range(1, 100).Select(number => (64L * number) + 8 + round));

                await AssertPageAsync(22, TimeSpan.Zero);
                time.Advance(TimeSpan.FromSeconds(2));
                foreach (int page in new[] { 1, 11, 12, 22, 31, 34 })
                {
                    await AssertPageAsync(page, acceptedAge: null);
                }
            }
        });

        async Task AssertPageAsync(int page, TimeSpan? acceptedAge)
        {
            OrderPage answer = await service.PageAsync(page, 100, includeCount: true, acceptedAge, CancellationToken.None);
            long[]? offset = await _database.ScalarAsync<long[]>(
                $"select array(select o_orderkey::bigint from {_database.Table} order by o_orderkey offset {(page - 1) * 100} limit 100)");
            Assert.That(Keys(answer), Is.EqualTo(offset), $"page {page}");
            Assert.That(answer.Total?.Orders, Is.EqualTo(await _database.ScalarAsync<long>($"select count(*) from {_database.Table}")));
        }
    }

    [Test]
    public async Task Pages_are_right_again_at_once_for_who_takes_no_age_and_for_others_after_the_maximum_age()
    {
        var time = new Microsoft.Extensions.Time.Testing.FakeTimeProvider();
        OrderService service = Service(TimeSpan.FromSeconds(2), time);
        await service.CountAsync(null, CancellationToken.None);
        await _database.ExecuteAsync($"delete from {_database.Table} where o_orderkey <= {Key(10)}");
        IEnumerable<long> expected = Enumerable.Range(11, Rows).Select(Key).Skip(2000).Take(100);

        Assert.That(Keys(await service.PageAsync(21, 100, includeCount: false, TimeSpan.Zero, CancellationToken.None)), Is.EqualTo(expected));

        OrderService other = Service(TimeSpan.FromSeconds(2), time);
        await other.CountAsync(null, CancellationToken.None);
        await _database.InsertAsync(2, 3);
        time.Advance(TimeSpan.FromSeconds(2));
        long[] shifted = [2, 3, .. Enumerable.Range(11, Rows).Select(Key)];
        Assert.That(Keys(await other.PageAsync(21, 100, includeCount: false, null, CancellationToken.None)), Is.EqualTo(shifted.Skip(2000).Take(100)));
    }

    private static async Task WhileStatusesChangeAsync(OrderService service, Func<Task> run)
    {
        using var end = new CancellationTokenSource();
        Task changes = Task.Run(async () =>
        {
            for (int i = 1; !end.IsCancellationRequested; i = (i % Rows) + 1)
            {
                await service.ChangeStatusAsync(Key(i), OrderStatus.PartiallyFulfilled, null, CancellationToken.None);
            }
        });
        try
        {
            await run();
        }
        finally
        {
            await end.CancelAsync();
            await changes;
        }
    }

    /// <summary>Sparse, as in TPC-H: eight of each 32.</summary>
    private static long Key(int number) => (number / 8 * 32) + (number % 8);

    private static IEnumerable<long> Keys(OrderPage page) => page.Slice.Orders.Select(order => order.OrderKey);

    private OrderService Service(TimeSpan maxAge, TimeProvider? time = null) => _database.Service(maxAge, time);
}
