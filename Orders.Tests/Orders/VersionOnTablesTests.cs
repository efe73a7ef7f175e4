using Orders.Application.Orders;
using Orders.Domain;
using Orders.Infrastructure.Orders;
using Orders.Tests.Support;

namespace Orders.Tests.Orders;

/// <summary>PostgreSQL and the service compute the same version, on every kind of table.</summary>
[TestFixtureSource(typeof(TableScript), nameof(TableScript.Kinds))]
internal sealed class VersionOnTablesTests(TableKind kind)
{
    private static readonly string[] Statuses = ["O", "F", "P"];

    private TestDatabase _database = null!;
    private OrderRepository _orders = null!;

    [OneTimeSetUp]
    public async Task CreateAsync()
    {
        _database = await TestDatabase.CreateAsync(kind, 1, 2, 3, 33, 40, 1000, TableScript.LargestKey(kind));
        string longest = kind == TableKind.TpchTypes ? "-9999999999999.99" : "-9999999999999999.99";
        await _database.ExecuteAsync(
            $"""
            update {_database.Table} set o_totalprice = {longest}, o_comment = '', o_clerk = 'Clerk' where o_orderkey = 2;
            update {_database.Table} set o_comment = e'äöü 漢 \t ''"\\ ', o_shippriority = -2147483648 where o_orderkey = 33;
            update {_database.Table} set o_orderdate = '0001-01-01', o_orderpriority = '', o_custkey = -1, o_totalprice = 0 where o_orderkey = 40;
            update {_database.Table} set o_orderdate = '9999-12-31' where o_orderkey = 1000;
            """);
        _orders = _database.Repository;
    }

    [OneTimeTearDown]
    public async Task DropAsync() => await _database.DisposeAsync();

    [Test]
    public async Task An_order_is_changed_while_it_is_the_version_that_was_read([Values(1, 2, 33, 40, 1000, 0)] long key)
    {
        key = key == 0 ? TableScript.LargestKey(kind) : key;
        foreach (string status in Statuses)
        {
            OrderVersion read = OrderVersion.Of((await _orders.FindAsync(key, CancellationToken.None))!);
            StatusChangeResult changed = await _orders.ChangeStatusAsync(Change(key, status, read), null, CancellationToken.None);
            Order now = (await _orders.FindAsync(key, CancellationToken.None))!;
            Assert.That((changed, now.Status), Is.EqualTo((new StatusChangeResult(StatusChangeOutcome.Changed, OrderVersion.Of(now)), status)));
            if (OrderVersion.Of(now) != read)
            {
                StatusChangeResult late = await _orders.ChangeStatusAsync(Change(key, "O", read), null, CancellationToken.None);
                Assert.That(late, Is.EqualTo(new StatusChangeResult(StatusChangeOutcome.OtherVersion, OrderVersion.Of(now))));
            }
        }
    }

    [Test]
    public async Task A_missing_order_is_not_found([Values] bool hasVersion)
    {
        StatusChange change = Change(5, "F", hasVersion ? OrderVersion.Of((await _orders.FindAsync(1, CancellationToken.None))!) : null);
        Assert.That(
            (await _orders.ChangeStatusAsync(change, null, CancellationToken.None)).Outcome, Is.EqualTo(StatusChangeOutcome.OrderNotFound));
    }

    [Test]
    public async Task Several_orders_are_changed_each_with_its_own_outcome()
    {
        await _database.ExecuteAsync("update orders_synced set o_orderstatus = 'O' where o_orderkey in (1, 3, 40) and o_orderstatus <> 'O'");
        OrderVersion first = OrderVersion.Of((await _orders.FindAsync(1, CancellationToken.None))!);
        StatusChange[] changes = [Change(40, "P", null), Change(5, "F", null), Change(1, "F", first), Change(3, "F", first)];
        Assert.That(
            await ResultsAsync(changes, allOrNone: false),
            Is.EqualTo(new[] { StatusChangeOutcome.Changed, StatusChangeOutcome.OrderNotFound, StatusChangeOutcome.Changed, StatusChangeOutcome.OtherVersion }));
        Assert.That(await StatusesAsync(1, 3, 40), Is.EqualTo(new[] { "F", "O", "P" }));
    }

    [Test]
    public async Task All_changes_are_made_or_none()
    {
        await ResultsAsync([Change(1, "O", null), Change(3, "O", null), Change(40, "O", null)], allOrNone: false);
        OrderVersion first = OrderVersion.Of((await _orders.FindAsync(1, CancellationToken.None))!);
        OrderVersion third = OrderVersion.Of((await _orders.FindAsync(3, CancellationToken.None))!);
        StatusChange[] all = [Change(40, "P", null), Change(3, "F", third), Change(1, "F", first)];

        Assert.That(
            await ResultsAsync([.. all, Change(5, "F", null)], allOrNone: true),
            Is.EqualTo(new[] { StatusChangeOutcome.LeftOut, StatusChangeOutcome.LeftOut, StatusChangeOutcome.LeftOut, StatusChangeOutcome.OrderNotFound }));
        Assert.That(
            await ResultsAsync([Change(40, "P", null), Change(3, "F", first), Change(1, "F", first)], allOrNone: true),
            Is.EqualTo(new[] { StatusChangeOutcome.LeftOut, StatusChangeOutcome.OtherVersion, StatusChangeOutcome.LeftOut }));
        Assert.That(await StatusesAsync(1, 3, 40), Is.All.EqualTo("O"));

        Assert.That(await ResultsAsync(all, allOrNone: true), Is.All.EqualTo(StatusChangeOutcome.Changed));
        Assert.That(await StatusesAsync(1, 3, 40), Is.EqualTo(new[] { "F", "F", "P" }));
    }

    private static StatusChange Change(long key, string status, OrderVersion? version) => new()
    {
        OrderKey = key,
        Status = OrderStatus.FromCode(status)!,
        Versions = version is null ? null : [version.Value],
        ReturnsVersion = true,
    };

    private async Task<StatusChangeOutcome[]> ResultsAsync(StatusChange[] changes, bool allOrNone)
    {
        StatusChangeOutcome?[] outcomes = new StatusChangeOutcome?[changes.Length];
        await _orders.ChangeStatusesAsync(
            changes, allOrNone, null, (index, result) => outcomes[index] = result.Outcome, CancellationToken.None);
        return [.. outcomes.Select(outcome => outcome!.Value)];
    }

    private async Task<string[]> StatusesAsync(params long[] keys) =>
        [.. (await _orders.FindAsync(keys, CancellationToken.None)).Select(order => order.Status)];
}
