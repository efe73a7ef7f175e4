using Orders.Application.Orders;
using Orders.Domain;
using Orders.Infrastructure.Orders;
using Orders.Tests.Support;

namespace Orders.Tests.Orders;

[TestFixtureSource(typeof(TableScript), nameof(TableScript.Kinds))]
[Category("Persistence")]
internal sealed class OrderRepositoryTests(TableKind kind)
{
    private TestDatabase _database = null!;

    [SetUp]
    public async Task SetUpAsync() => _database = await TestDatabase.CreateAsync(kind, 1, 2, 32, 33, 64, 65, 96);

    [TearDown]
    public async Task TearDownAsync() => await _database.DisposeAsync();

    [Test]
    public async Task An_order_is_read_with_every_column_as_it_is()
    {
        // As long as TPC-H's fixed texts, which would be filled up with blanks.
        long key = TableScript.LargestKey(kind);
        await _database.ExecuteAsync(
            $"insert into {_database.Table} values ({key}, 12, 'F', 0.10, '9999-12-31', '4-NOT SPECIFIED', 'Clerk#000000951', -3, ' blanks ')");
        Assert.That(await _database.Repository.FindAsync(key, CancellationToken.None), Is.EqualTo(new Order
        {
            OrderKey = key,
            CustomerKey = 12,
            Status = "F",
            TotalPrice = 0.10m,
            OrderDate = new DateOnly(9999, 12, 31),
            Priority = "4-NOT SPECIFIED",
            Clerk = "Clerk#000000951",
            ShipPriority = -3,
            Comment = " blanks ",
        }));
    }

    [Test]
    public async Task A_key_without_an_order_is_null() =>
        Assert.That(await _database.Repository.FindAsync(3, CancellationToken.None), Is.Null);

    [Test]
    public async Task The_count_is_exact() => Assert.That((await _database.Repository.ReadKeyIndexAsync(last: null, CancellationToken.None)).Count, Is.EqualTo(7));

    [Test]
    public async Task Concurrent_finds_answer_each_its_own_order()
    {
        long[] keys = [.. Enumerable.Range(0, 300).Select(i => i % 100L)];
        Order?[] orders = await Task.WhenAll(keys.Select(key => _database.Repository.FindAsync(key, CancellationToken.None)));
        long[] existing = [1, 2, 32, 33, 64, 65, 96];
        Assert.That(orders.Select(order => order?.OrderKey ?? 0), Is.EqualTo(keys.Select(key => existing.Contains(key) ? key : 0)));
    }

    [Test]
    public async Task A_find_that_is_given_up_leaves_the_others_who_share_its_statement()
    {
        using var given = new CancellationTokenSource();
        Task<Order?>[] kept;
        Task<Order?> left;
        await using (LockedTable locked = await LockedTable.TakeAsync(_database))
        {
            // Two statements run and wait for the lock; the rest shares the next one.
            kept = [.. new long[] { 1, 2, 32, 33 }.Select(key => _database.Repository.FindAsync(key, CancellationToken.None))];
            left = _database.Repository.FindAsync(64, given.Token);
            await locked.WaitForBlockedAsync();
            await given.CancelAsync();
            Assert.That(() => left, Throws.InstanceOf<OperationCanceledException>());
        }

        Assert.That((await Task.WhenAll(kept)).Select(order => order?.OrderKey), Is.EqualTo(new[] { 1, 2, 32, 33 }));
    }

    [Test]
    public async Task A_slice_that_is_given_up_leaves_the_others_who_share_its_statement()
    {
        using var given = new CancellationTokenSource();
        Task<OrderSlice>[] kept;
        Task<OrderSlice> left;
        await using (LockedTable locked = await LockedTable.TakeAsync(_database))
        {
            // As many statements run as may and wait for the lock; the rest shares the next ones.
            kept = [.. Enumerable.Range(0, 20).Select(skip => _database.Repository.SliceAsync(0, skip % 7, 2, CancellationToken.None))];
            left = _database.Repository.SliceAsync(0, 0, 3, given.Token);
            await locked.WaitForBlockedAsync();
            await given.CancelAsync();
            Assert.That(() => left, Throws.InstanceOf<OperationCanceledException>());
        }

        string[] pages = ["1,2", "2,32", "32,33", "33,64", "64,65", "65,96", "96"];
        Assert.That((await Task.WhenAll(kept)).Select(slice => string.Join(',', Keys(slice))), Is.EqualTo(Enumerable.Range(0, 20).Select(skip => pages[skip % 7])));
    }

    [Test]
    public async Task Concurrent_slices_answer_as_each_would_alone()
    {
        (long Key, long Skip, int Size)[] questions =
            [.. from key in new long[] { 0, 1, 3, 40, 96, long.MaxValue } from skip in new long[] { 0, 1, 5, 1000 } from size in new[] { 1, 2, 3, 1000 } select (key, skip, size)];
        OrderSlice[] together = await Task.WhenAll(questions.Select(question =>
            _database.Repository.SliceAsync(question.Key, question.Skip, question.Size, CancellationToken.None)));
        for (int i = 0; i < questions.Length; i++)
        {
            OrderSlice alone = await _database.Repository.SliceAsync(questions[i].Key, questions[i].Skip, questions[i].Size, CancellationToken.None);
            Assert.That(Orders(together[i]), Is.EqualTo(Orders(alone)), questions[i].ToString());
            Assert.That((together[i].NextCursor, together[i].PreviousCursor), Is.EqualTo((alone.NextCursor, alone.PreviousCursor)), questions[i].ToString());
        }
    }

    [Test]
    public async Task A_statement_that_all_its_askers_left_is_cancelled()
    {
        using var given = new CancellationTokenSource();
        await using LockedTable locked = await LockedTable.TakeAsync(_database);
        Task<Order?>[] left = [.. new long[] { 1, 2, 32, 33 }.Select(key => _database.Repository.FindAsync(key, given.Token))];

        // Both statements that may run at a time: the server does not heed the cancelling of one that has yet to reach it.
        await locked.WaitForBlockedAsync(statements: 2);
        await given.CancelAsync();
        Assert.That(() => Task.WhenAll(left), Throws.InstanceOf<OperationCanceledException>());
        await locked.WaitForNoneBlockedAsync();
    }

    [Test]
    public async Task A_status_is_written_to_its_order_alone()
    {
        Assert.That(await _database.Repository.UpdateStatusAsync(32, OrderStatus.PartiallyFulfilled, null, CancellationToken.None), Is.EqualTo(StatusUpdateResult.Updated));
        Assert.That(await _database.Repository.UpdateStatusAsync(31, OrderStatus.PartiallyFulfilled, null, CancellationToken.None), Is.EqualTo(StatusUpdateResult.OrderNotFound));
        Assert.That(await _database.ScalarAsync<string>("select string_agg(o_orderkey::text, ',') from orders_synced where o_orderstatus = 'P'"), Is.EqualTo("32"));
    }

    [Test]
    public async Task A_slice_comes_in_one_round_trip_with_both_cursors()
    {
        OrderSlice slice = await _database.Repository.SliceAsync(33, 0, 2, CancellationToken.None);
        Assert.That(Keys(slice), Is.EqualTo(new long[] { 64, 65 }));
        Assert.That((slice.HasNext, slice.NextCursor, slice.PreviousCursor), Is.EqualTo((true, 65L, 2L)));
    }

    [TestCase(0, 0, "1,2", null)]
    [TestCase(0, 1, "2,32", 0)]
    [TestCase(0, 3, "33,64", 1)]
    [TestCase(2, 3, "65,96", 32)]
    [TestCase(40, 2, "96", 33)]
    public async Task A_slice_starts_as_many_orders_after_the_key_as_it_is_told_to_skip(long afterKey, long skip, string keys, long? previousCursor)
    {
        OrderSlice slice = await _database.Repository.SliceAsync(afterKey, skip, 2, CancellationToken.None);
        Assert.That((string.Join(',', Keys(slice)), slice.PreviousCursor), Is.EqualTo((keys, previousCursor)));
    }

    [TestCase(8)]
    [TestCase(long.MaxValue)]
    public async Task Skipping_past_the_end_is_an_empty_slice(long skip)
    {
        OrderSlice slice = await _database.Repository.SliceAsync(0, skip, 2, CancellationToken.None);
        Assert.That((slice.Orders.Count, slice.HasNext, slice.PreviousCursor), Is.EqualTo((0, false, (long?)null)));
    }

    [Test]
    public async Task A_slice_may_be_larger_than_any_page()
    {
        await _database.InsertAsync(Enumerable.Range(1001, 1500).Select(key => (long)key));
        OrderRepository repository = _database.Repository;
        OrderSlice slice = await repository.SliceAsync(1000, skip: 0, pageSize: 1500, CancellationToken.None);
        Assert.That((slice.Orders.Count, slice.HasNext, slice.Orders[^1].OrderKey), Is.EqualTo((1500, false, 2500)));
        slice = await repository.SliceAsync(0, skip: 1000, pageSize: 2000, CancellationToken.None);
        Assert.That(slice.Orders[0].OrderKey, Is.EqualTo(await _database.ScalarAsync<long>($"select o_orderkey from {_database.Table} order by 1 offset 1000 limit 1")));
    }

    [Test]
    public async Task Concurrent_changes_of_one_order_leave_one_of_their_statuses()
    {
        OrderStatus[] statuses = [OrderStatus.Open, OrderStatus.Fulfilled, OrderStatus.PartiallyFulfilled];
        StatusUpdateResult[] changed = await Task.WhenAll(Enumerable.Range(0, 30).Select(i => _database.Repository.UpdateStatusAsync(32, statuses[i % 3], null, CancellationToken.None)));
        Order? order = await _database.Repository.FindAsync(32, CancellationToken.None);
        Assert.That(changed, Is.All.EqualTo(StatusUpdateResult.Updated));
        Assert.That(statuses.Select(status => status.Code), Does.Contain(order?.Status));
    }

    [Test]
    public async Task A_change_shows_in_every_kind_of_read()
    {
        await _database.Repository.UpdateStatusAsync(33, OrderStatus.PartiallyFulfilled, "anna", CancellationToken.None);
        Order? found = await _database.Repository.FindAsync(33, CancellationToken.None);
        OrderSlice slice = await _database.Repository.SliceAsync(32, 0, 1, CancellationToken.None);
        OrderSlice skipped = await _database.Repository.SliceAsync(0, 3, 1, CancellationToken.None);
        Assert.That(new[] { found!, Orders(slice).Single(), Orders(skipped).Single() }.Select(order => (order.OrderKey, order.Status)), Is.All.EqualTo((33L, "P")));
    }

    private static IEnumerable<long> Keys(OrderSlice slice) => Orders(slice).Select(order => order.OrderKey);

    private static IReadOnlyList<Order> Orders(OrderSlice slice) => slice.Orders;
}
