using System.Diagnostics.CodeAnalysis;
using Npgsql;
using Orders.Application;
using Orders.Application.Overlay;
using Orders.Domain;
using Orders.Infrastructure.Postgres;
using Orders.Tests.Support;

namespace Orders.Tests.Overlay;

/// <summary>The sync owns the table beneath the view. It may drop it, recreate it and change its columns.</summary>
[Category("Persistence")]
internal sealed class SyncedTableTests
{
    private TestDatabase _database = null!;

    [SetUp]
    public async Task SetUpAsync()
    {
        _database = await TestDatabase.CreateAsync(StatusChangeMode.Overlay, Enumerable.Range(1, 5_000).Select(key => (long)key));
        await _database.ExecuteAsync($"analyze {_database.Table}");
    }

    [TearDown]
    public async Task TearDownAsync() => await _database.DisposeAsync();

    [Test]
    public async Task The_table_can_be_dropped_and_recreated_under_open_connections_without_losing_a_change()
    {
        var repository = _database.Repository;
        for (int warm = 0; warm < 4; warm++)
        {
            await repository.FindAsync(7, CancellationToken.None);
            await repository.UpdateStatusAsync(7, warm % 2 == 0 ? OrderStatus.PartiallyFulfilled : OrderStatus.Fulfilled, null, CancellationToken.None);
        }

        await _database.ExecuteAsync($"drop table {_database.Table}");
        Assert.That(() => repository.FindAsync(7, CancellationToken.None), Throws.InstanceOf<DatabaseUnavailableException>().With.Message.Contains("not there at present"));
        Assert.That(() => repository.UpdateStatusAsync(7, OrderStatus.Open, null, CancellationToken.None), Throws.InstanceOf<DatabaseUnavailableException>());

        await _database.CreateTableAsync();
        await _database.InsertAsync(7, 8);
        Assert.That((await repository.FindAsync(7, CancellationToken.None))!.Status, Is.EqualTo("F"));
        Assert.That((await repository.FindAsync(8, CancellationToken.None))!.Status, Is.EqualTo("O"));
        Assert.That((await repository.ReadKeyIndexAsync(last: null, CancellationToken.None)).Count, Is.EqualTo(2));
        Assert.That(await RecordedChange.ReadAsync(_database), Has.Length.EqualTo(4));
    }

    [Test]
    public async Task After_a_recreation_granting_the_lost_right_again_is_enough()
    {
        string schema = _database.StatusChanges.OverlaySchema;
        string role = await _database.CreateRoleAsync(
            $"usage on schema {_database.Schema}, {schema}", $"select on {_database.Table}", $"select, update (o_orderstatus) on {schema}.orders_synced");
        await using ServerDataSource dataSource = OrdersDataSource.Create(role);
        var repository = TestDatabase.RepositoryOn(dataSource);
        await _database.ExecuteAsync($"drop table {_database.Table}");
        await _database.CreateTableAsync();
        await _database.InsertAsync(7);
        for (int attempt = 0; attempt < 4; attempt++)
        {
            Assert.That(() => repository.FindAsync(7, CancellationToken.None), Throws.InstanceOf<PostgresException>().With.Property("SqlState").EqualTo("42501"));
        }

        await _database.ExecuteAsync($"grant select on {_database.Table} to {_database.Schema}_role");
        Assert.That((await repository.FindAsync(7, CancellationToken.None))?.OrderKey, Is.EqualTo(7));
    }

    [Test]
    public async Task An_order_that_the_sync_removes_and_restores_has_its_changed_status_again()
    {
        await _database.Repository.UpdateStatusAsync(7, OrderStatus.Fulfilled, null, CancellationToken.None);
        await _database.ExecuteAsync($"delete from {_database.Table} where o_orderkey = 7");
        Assert.That(await _database.Repository.FindAsync(7, CancellationToken.None), Is.Null);
        await _database.InsertAsync(7);
        Assert.That((await _database.Repository.FindAsync(7, CancellationToken.None))!.Status, Is.EqualTo("F"));
    }

    [TestCase("alter table {0} add o_extra text")]
    [TestCase("alter table {0} alter o_comment type varchar(79), alter o_shippriority type smallint, alter o_totalprice type numeric(15, 2)")]
    [TestCase("alter table {0} drop o_clerk, add o_clerk text not null default ''")]
    public async Task Additional_columns_and_narrower_types_do_not_change_the_plans(string change)
    {
        await _database.ExecuteAsync(Format(change));
        Assert.That((await _database.Overlay.DescribeAsync(CancellationToken.None)).IsInlined, Is.True);
        Assert.That(await PlanAsync("select * from orders_synced where o_orderkey > 4000 order by o_orderkey limit 5"), Does.Contain("Index Cond: (o_orderkey > 4000)"));
        Assert.That((await _database.Repository.FindAsync(7, CancellationToken.None))!.Comment, Is.EqualTo(" no. 7"));
    }

    [TestCase("alter table {0} drop o_clerk")]
    [TestCase("alter table {0} alter o_custkey type date using '2026-01-01'")]
    public async Task A_table_with_other_columns_is_reported(string change)
    {
        await _database.ExecuteAsync(Format(change));
        Assert.That(() => _database.Overlay.DescribeAsync(CancellationToken.None), Throws.InstanceOf<StartupException>().With.Message.Contains("has not the columns"));
        await using RunningApi api = await RunningApi.StartAsync(_database.ConnectionString, _database.Settings);
        RunningApi.Answer ready = await api.GetAsync("/health/ready");
        Assert.That((ready.Status, ready.Detail.Contains("has not the columns", StringComparison.Ordinal)), Is.EqualTo((503, true)), ready.Body);
    }

    [TestCase("volatile")]
    [TestCase("strict")]
    [TestCase("security definer")]
    [TestCase("set work_mem = '64MB'")]
    public async Task A_function_that_the_planner_can_not_inline_is_reported_and_fixed_by_an_installation(string alteration)
    {
        await _database.ExecuteAsync($"alter function synced_orders() {alteration}");
        OverlayStatus altered = await _database.Overlay.DescribeAsync(CancellationToken.None);
        await _database.InstallOverlayAsync();
        Assert.That((altered.IsInlined, (await _database.Overlay.DescribeAsync(CancellationToken.None)).IsInlined), Is.EqualTo((false, true)));
    }

    [SuppressMessage("Performance", "CA1863", Justification = "Used once.")]
    private string Format(string sql) => string.Format(System.Globalization.CultureInfo.InvariantCulture, sql, _database.Table);

    private async Task<string> PlanAsync(string sql)
    {
        await using NpgsqlConnection connection = await _database.DataSource.OpenConnectionAsync();
        return string.Join('\n', await Dapper.SqlMapper.QueryAsync<string>(connection, $"explain (costs off) {sql}"));
    }
}
