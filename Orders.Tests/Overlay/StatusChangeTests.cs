using Npgsql;
using Orders.Application.Orders;
using Orders.Application.Overlay;
using Orders.Domain;
using Orders.Infrastructure.Postgres;
using Orders.Tests.Support;

namespace Orders.Tests.Overlay;

/// <summary>The record of a change, and the change that decides the current status.</summary>
[Category("Persistence")]
internal sealed class StatusChangeTests
{
    private TestDatabase _database = null!;

    [SetUp]
    public async Task SetUpAsync() => _database = await TestDatabase.CreateAsync(StatusChangeMode.Overlay, 1, 2, 3);

    [TearDown]
    public async Task TearDownAsync() => await _database.DisposeAsync();

    [Test]
    public async Task Every_change_is_kept_and_the_newest_one_is_the_current_status()
    {
        DateTime before = await _database.ScalarAsync<DateTime>("select clock_timestamp()");
        await ChangeAsync(1, OrderStatus.Fulfilled, "anna@example.com");
        await ChangeAsync(2, OrderStatus.PartiallyFulfilled);
        await ChangeAsync(1, OrderStatus.PartiallyFulfilled);

        RecordedChange[] changes = await RecordedChange.ReadAsync(_database);
        Assert.That(
            changes.Select(change => (change.OrderKey, change.OldStatus, change.NewStatus, change.ChangedBy)),
            Is.EqualTo(new (long, string?, string, string?)[] { (1, "O", "F", "anna@example.com"), (2, "O", "P", null), (1, "F", "P", null) }));
        Assert.That(changes.Select(change => change.ChangedAt), Is.Ordered.And.All.GreaterThanOrEqualTo(before));
        Assert.That((await _database.Repository.FindAsync(1, CancellationToken.None))!.Status, Is.EqualTo("P"));
    }

    [Test]
    public async Task The_synced_table_is_not_touched()
    {
        string sql = $"select md5(string_agg(o::text || xmin || ctid, '|' order by o_orderkey)) from {_database.Table} as o";
        string? before = await _database.ScalarAsync<string>(sql);
        await ChangeAsync(1, OrderStatus.Fulfilled);
        Assert.That(await _database.ScalarAsync<string>(sql), Is.EqualTo(before));
    }

    [Test]
    public async Task Repeating_the_newest_change_records_nothing()
    {
        Assert.That(await ChangeAsync(1, OrderStatus.Fulfilled, "anna"), Is.EqualTo(StatusUpdateResult.Updated));
        Assert.That(await ChangeAsync(1, OrderStatus.Fulfilled, "ben"), Is.EqualTo(StatusUpdateResult.Updated));
        Assert.That((await RecordedChange.ReadAsync(_database)).Single().ChangedBy, Is.EqualTo("anna"));
    }

    [Test]
    public async Task A_written_status_stays_when_the_synced_row_had_the_same_status_and_then_changes()
    {
        await ChangeAsync(1, OrderStatus.Open);
        await _database.ExecuteAsync($"update {_database.Table} set o_orderstatus = 'F'");
        Assert.That((await _database.Repository.FindAsync(1, CancellationToken.None))!.Status, Is.EqualTo("O"));
        Assert.That((await _database.Repository.FindAsync(2, CancellationToken.None))!.Status, Is.EqualTo("F"));
    }

    [Test]
    public async Task An_order_that_does_not_exist_records_nothing()
    {
        Assert.That(await ChangeAsync(4, OrderStatus.Fulfilled), Is.EqualTo(StatusUpdateResult.OrderNotFound));
        Assert.That(await RecordedChange.ReadAsync(_database), Is.Empty);
    }

    [Test]
    public async Task Concurrent_changes_of_one_order_form_one_chain()
    {
        OrderStatus[] statuses = [OrderStatus.Open, OrderStatus.Fulfilled, OrderStatus.PartiallyFulfilled];
        StatusUpdateResult[] changed = await Task.WhenAll(Enumerable.Range(0, 90).Select(i => ChangeAsync(1, statuses[i % 3], $"caller {i}")));
        Assert.That(changed, Is.All.EqualTo(StatusUpdateResult.Updated));

        RecordedChange[] chain = await RecordedChange.ReadAsync(_database);
        Assert.That(chain.Select(change => change.OldStatus), Is.EqualTo(chain.Select(change => change.NewStatus).Prepend("O").SkipLast(1)));
        Assert.That(chain.Skip(1), Is.All.Matches<RecordedChange>(change => change.OldStatus != change.NewStatus));
        Assert.That(chain.Select(change => change.ChangedBy), Is.Unique);
        Assert.That((await _database.Repository.FindAsync(1, CancellationToken.None))!.Status, Is.EqualTo(chain[^1].NewStatus));
    }

    [Test]
    public async Task The_caller_of_a_change_is_not_recorded_with_the_next_change_on_the_same_connection()
    {
        string connectionString = new NpgsqlConnectionStringBuilder(_database.ConnectionString) { MaxPoolSize = 1 }.ConnectionString;
        await using var one = OrdersDataSource.Create(connectionString);
        var repository = TestDatabase.RepositoryOn(one);
        await repository.UpdateStatusAsync(1, OrderStatus.Fulfilled, "anna", CancellationToken.None);
        await using (NpgsqlCommand command = one.Current.CreateCommand("update orders_synced set o_orderstatus = 'P' where o_orderkey = 1"))
        {
            await command.ExecuteNonQueryAsync();
        }

        Assert.That((await RecordedChange.ReadAsync(_database)).Select(change => change.ChangedBy), Is.EqualTo(new[] { "anna", null }));
    }

    [TestCase("update orders_synced set o_comment = 'mine' where o_orderkey = 1", "Only o_orderstatus")]
    [TestCase("update orders_synced set o_orderkey = 9, o_orderstatus = 'F' where o_orderkey = 1", "Only o_orderstatus")]
    [TestCase("update orders_synced set o_orderstatus = null where o_orderkey = 1", "new_status")]
    [TestCase("delete from orders_synced where o_orderkey = 1", "cannot delete from view")]
    [TestCase("insert into orders_synced (o_orderkey) values (9)", "cannot insert into view")]
    public void Only_the_status_can_be_changed_through_the_view(string sql, string reason) =>
        Assert.That(async () => await _database.ExecuteAsync(sql), Throws.InstanceOf<PostgresException>().With.Message.Contains(reason));

    private Task<StatusUpdateResult> ChangeAsync(long orderKey, OrderStatus status, string? changedBy = null) =>
        _database.Repository.UpdateStatusAsync(orderKey, status, changedBy, CancellationToken.None);
}
