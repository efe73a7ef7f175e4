using Orders.Application.Orders;
using Orders.Application.Overlay;
using Orders.Domain;
using Orders.Tests.Support;

namespace Orders.Tests.Orders;

/// <summary>Tables whose columns are others than the scripts make, and one whose column has what can't be read.</summary>
[TestFixture(StatusChangeMode.InPlace)]
[TestFixture(StatusChangeMode.Overlay)]
[Category("Persistence")]
internal sealed class OtherColumnsTests(StatusChangeMode mode)
{
    private TestDatabase _database = null!;

    [SetUp]
    public async Task SetUpAsync() => _database = await TestDatabase.CreateAsync(mode, 1, 2, 32, 33, 64, 65, 96);

    [TearDown]
    public async Task TearDownAsync() => await _database.DisposeAsync();

    [TestCase("o_totalprice = 'NaN'")]
    [TestCase("o_custkey = null")]
    public async Task An_order_that_cannot_be_read_fails_those_alone_who_asked_for_it_and_is_left_out_of_slices(string fault)
    {
        await _database.ExecuteAsync($"alter table {_database.Table} alter o_custkey drop not null");
        await _database.ExecuteAsync($"update {_database.Table} set {fault} where o_orderkey = 33");
        Task<Order?>[] finds;
        Task<OrderSlice>[] slices;
        await using (LockedTable locked = await LockedTable.TakeAsync(_database))
        {
            finds = [.. new long[] { 1, 2, 32, 33, 64, 65 }.Select(key => _database.Repository.FindAsync(key, CancellationToken.None))];
            slices = [.. new long[] { 0, 0, 0, 0, 0, 32, 64, 65 }.Select(key => _database.Repository.SliceAsync(key, 0, 1, CancellationToken.None))];
            await locked.WaitForBlockedAsync();
        }

        Assert.That(() => finds[3], Throws.Exception);
        Assert.That((await Task.WhenAll(finds.Where((_, i) => i != 3))).Select(order => order?.OrderKey), Is.EqualTo(new[] { 1, 2, 32, 64, 65 }));
        Assert.That((await Task.WhenAll(slices)).SelectMany(Keys), Is.EqualTo(new[] { 1, 1, 1, 1, 1, 65, 96 }));
        Assert.That(((await slices[5]).NextCursor, (await slices[5]).PreviousCursor), Is.EqualTo((33L, 2L)));
    }

    [TestCase("char(15)")]
    [TestCase("varchar(79)")]
    public async Task Columns_of_another_text_type_read_the_same_alone_and_in_a_slice(string type)
    {
        await _database.ExecuteAsync($"alter table {_database.Table} alter o_orderpriority type {type}, alter o_clerk type {type}, alter o_comment type {type}");
        Order? found = await _database.Repository.FindAsync(33, CancellationToken.None);
        Assert.That(Orders(await _database.Repository.SliceAsync(32, 0, 1, CancellationToken.None)).Single(), Is.EqualTo(found));
    }

    [Test]
    public async Task The_statements_serve_a_view_of_that_name()
    {
        await using TestDatabase database = await TestDatabase.CreateLocalAsync(mode, 1, 2, 32, 33, 64, 65, 96);
        await database.ExecuteAsync($"alter table {database.Table} rename to kept; create view {database.Table} as select * from {database.Schema}.kept");
        Assert.That((await database.Repository.ReadKeyIndexAsync(last: null, CancellationToken.None)).Count, Is.EqualTo(7));
        Assert.That(Keys(await database.Repository.SliceAsync(0, 0, 3, CancellationToken.None)), Is.EqualTo(new long[] { 1, 2, 32 }));
        Assert.That(await database.Service().SampleKeysAsync(CancellationToken.None), Has.Count.EqualTo(5));
        Assert.That(await database.Repository.UpdateStatusAsync(1, OrderStatus.Open, null, CancellationToken.None), Is.EqualTo(StatusUpdateResult.Updated));
    }

    private static IEnumerable<long> Keys(OrderSlice slice) => Orders(slice).Select(order => order.OrderKey);

    private static IReadOnlyList<Order> Orders(OrderSlice slice) => slice.Orders;
}
