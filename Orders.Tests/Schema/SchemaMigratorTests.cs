using Microsoft.Extensions.Logging.Abstractions;
using Orders.Application;
using Orders.Infrastructure.Postgres;
using Orders.Infrastructure.Schema;
using Orders.Tests.Support;

namespace Orders.Tests.Schema;

[Category("Persistence")]
internal sealed class SchemaMigratorTests
{
    private TestDatabase _database = null!;

    [SetUp]
    public async Task SetUpAsync() => _database = await TestDatabase.CreateEmptyAsync();

    [TearDown]
    public async Task TearDownAsync() => await _database.DisposeAsync();

    [Test]
    public async Task The_table_is_created_as_a_sync_creates_it()
    {
        await _database.Migrator.MigrateAsync(CancellationToken.None);
        const string columns =
            """
            select string_agg(attname || ' ' || format_type(atttypid, atttypmod), ', ' order by attnum)
            from pg_attribute where attrelid = 'orders_synced'::regclass and attnum > 0
            """;
        Assert.That(await _database.ScalarAsync<string>(columns), Is.EqualTo(
            "o_orderkey bigint, o_custkey bigint, o_orderstatus text, o_totalprice numeric(18,2), o_orderdate date, o_orderpriority text, o_clerk text, o_shippriority integer, o_comment text"));
        Assert.That(
            await _database.ScalarAsync<string>("select pg_get_constraintdef(oid) from pg_constraint where conrelid = 'orders_synced'::regclass and contype = 'p'"),
            Is.EqualTo("PRIMARY KEY (o_orderkey)"));
    }

    [Test]
    public async Task Migrating_again_changes_nothing()
    {
        await _database.Migrator.MigrateAsync(CancellationToken.None);
        await _database.InsertAsync(1, 2, 3);
        await _database.Migrator.MigrateAsync(CancellationToken.None);
        Assert.That(await _database.ScalarAsync<long>("select count(*) from orders_synced"), Is.EqualTo(3));
        Assert.That(await _database.ScalarAsync<long>("select count(*) from orders_schema_versions"), Is.EqualTo(SchemaScripts.All.Length));
    }

    [TestCase("create table orders_synced (o_orderkey int, mine text)")]
    [TestCase("create view orders_synced as select 1 as o_orderkey")]
    public async Task An_existing_table_or_view_is_not_changed(string existing)
    {
        await _database.ExecuteAsync(existing);
        const string columns = "select string_agg(attname, ',' order by attnum) from pg_attribute where attrelid = 'orders_synced'::regclass and attnum > 0";
        string? before = await _database.ScalarAsync<string>(columns);
        await _database.Migrator.MigrateAsync(CancellationToken.None);
        Assert.That(await _database.ScalarAsync<string>(columns), Is.EqualTo(before));
    }

    [Test]
    public async Task Concurrent_migrations_apply_each_script_once()
    {
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => _database.Migrator.MigrateAsync(CancellationToken.None)));
        Assert.That(await _database.ScalarAsync<long>("select count(*) from orders_schema_versions"), Is.EqualTo(SchemaScripts.All.Length));
    }

    [Test]
    public async Task The_message_to_a_role_that_may_not_create_tables_says_so()
    {
        await _database.ExecuteAsync("create table orders_synced (o_orderkey bigint primary key, o_orderstatus text)");
        await using var dataSource = OrdersDataSource.Create(await _database.CreateServingRoleAsync());
        var migrator = new SchemaMigrator(TestDatabase.ConnectionsTo(dataSource), NullLogger<SchemaMigrator>.Instance);
        Assert.That(async () => await migrator.MigrateAsync(CancellationToken.None), Throws.InstanceOf<StartupException>().With.Message.Contains("may create tables"));
    }

    [Test]
    public async Task The_message_of_another_failure_names_the_script_and_the_reason_alone()
    {
        await _database.ExecuteAsync("create domain orders_synced as text");
        Assert.That(
            async () => await _database.Migrator.MigrateAsync(CancellationToken.None),
            Throws.InstanceOf<StartupException>().With.Message.Contains("0001_orders_synced.sql failed").And.Message.Not.Contains("may create tables"));
    }

    [Test]
    public async Task A_search_path_without_an_existing_schema_is_reported()
    {
        await using var dataSource = OrdersDataSource.Create($"{_database.ConnectionString};Search Path=no_such_schema");
        var migrator = new SchemaMigrator(TestDatabase.ConnectionsTo(dataSource), NullLogger<SchemaMigrator>.Instance);
        Assert.That(async () => await migrator.MigrateAsync(CancellationToken.None), Throws.InstanceOf<StartupException>().With.Message.Contains("Search Path"));
    }
}
