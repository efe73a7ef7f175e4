using Orders.Application;
using Orders.Domain;
using Orders.Tests.Support;

namespace Orders.Tests.Persistence;

[Category("Persistence")]
internal sealed class OrderRepositoryTests
{
    private TestDatabase _database = null!;

    [SetUp]
    public async Task SetUpAsync() => _database = await TestDatabase.CreateAsync(1, 2, 32, 33, 64, 65, 96);

    [TearDown]
    public async Task TearDownAsync() => await _database.DisposeAsync();

    [Test]
    public async Task An_order_is_read_with_every_column_as_it_is()
    {
        await _database.ExecuteAsync(
            "insert into orders_synced values (9223372036854775807, 12, 'F', 0.10, '9999-12-31', '1-URGENT', 'Clerk#000000951', -3, ' blanks ')");
        Assert.That(await _database.Repository.FindAsync(long.MaxValue, CancellationToken.None), Is.EqualTo(new Order
        {
            OrderKey = long.MaxValue,
            CustomerKey = 12,
            Status = "F",
            TotalPrice = 0.10m,
            OrderDate = new DateOnly(9999, 12, 31),
            Priority = "1-URGENT",
            Clerk = "Clerk#000000951",
            ShipPriority = -3,
            Comment = " blanks ",
        }));
    }

    [Test]
    public async Task A_key_without_an_order_is_null() =>
        Assert.That(await _database.Repository.FindAsync(3, CancellationToken.None), Is.Null);

    [Test]
    public async Task The_count_is_exact() => Assert.That(await _database.Repository.CountAsync(CancellationToken.None), Is.EqualTo((7, 96)));

    [Test]
    public async Task A_status_is_written_to_its_order_alone()
    {
        Assert.That(await _database.Repository.UpdateStatusAsync(32, OrderStatus.PartiallyFulfilled, CancellationToken.None), Is.True);
        Assert.That(await _database.Repository.UpdateStatusAsync(31, OrderStatus.PartiallyFulfilled, CancellationToken.None), Is.False);
        Assert.That(await _database.ScalarAsync<string>("select string_agg(o_orderkey::text, ',') from orders_synced where o_orderstatus = 'P'"), Is.EqualTo("32"));
    }

    [Test]
    public async Task A_slice_comes_in_one_round_trip_with_both_cursors()
    {
        OrderSlice slice = await _database.Repository.SliceAsync(33, 2, CancellationToken.None);
        Assert.That(Keys(slice), Is.EqualTo(new long[] { 64, 65 }));
        Assert.That((slice.HasNext, slice.NextCursor, slice.PreviousCursor), Is.EqualTo((true, 65L, 2L)));
    }

    [TestCase(0, 6)]
    [TestCase(1, 5)]
    [TestCase(3, 3)]
    [TestCase(6, 0)]
    public async Task The_same_page_is_found_from_either_end(long offset, long offsetFromEnd)
    {
        OrderSlice fromStart = await _database.Repository.SliceForwardAsync(0, offset, 2, CancellationToken.None);
        OrderSlice fromEnd = await _database.Repository.SliceBackwardAsync(96, offsetFromEnd, 2, CancellationToken.None);
        Assert.That(Keys(fromEnd), Is.EqualTo(Keys(fromStart)));
        Assert.That((fromEnd.HasNext, fromEnd.NextCursor), Is.EqualTo((fromStart.HasNext, fromStart.NextCursor)));
        Assert.That(fromStart.PreviousCursor, Is.EqualTo(offset == 0 ? null : fromEnd.PreviousCursor));
    }

    [Test]
    public async Task Orders_behind_the_last_key_shift_nothing_in_front_of_it_and_are_found_behind_it()
    {
        await _database.InsertAsync(97, 98);
        OrderSlice before = await _database.Repository.SliceBackwardAsync(96, 0, 1, CancellationToken.None);
        OrderSlice behind = await _database.Repository.SliceForwardAsync(96, 1, 5, CancellationToken.None);
        Assert.That((Keys(before).Single(), before.HasNext), Is.EqualTo((96L, true)));
        Assert.That((Keys(behind).Single(), behind.PreviousCursor), Is.EqualTo((98L, 32L)));
    }

    [Test]
    public async Task An_offset_past_the_end_is_an_empty_slice()
    {
        OrderSlice slice = await _database.Repository.SliceForwardAsync(0, 7, 2, CancellationToken.None);
        Assert.That((slice.Orders.Count, slice.HasNext, slice.PreviousCursor), Is.EqualTo((0, false, (long?)null)));
    }

    [Test]
    public async Task The_statements_serve_a_view_of_that_name()
    {
        await _database.ExecuteAsync("alter table orders_synced rename to kept; create view orders_synced as select * from kept");
        Assert.That(await _database.Repository.CountAsync(CancellationToken.None), Is.EqualTo((7, 96)));
        Assert.That(Keys(await _database.Repository.SliceAsync(0, 3, CancellationToken.None)), Is.EqualTo(new long[] { 1, 2, 32 }));
        Assert.That(await _database.Repository.SampleKeysAsync(5, CancellationToken.None), Has.Count.EqualTo(5));
        Assert.That(await _database.Repository.UpdateStatusAsync(1, OrderStatus.Open, CancellationToken.None), Is.True);
    }

    private static IEnumerable<long> Keys(OrderSlice slice) => slice.Orders.Select(order => order.OrderKey);
}
