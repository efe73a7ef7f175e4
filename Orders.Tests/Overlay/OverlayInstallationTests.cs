using Npgsql;
using Orders.Application;
using Orders.Application.Orders;
using Orders.Application.Overlay;
using Orders.Domain;
using Orders.Infrastructure.Overlay;
using Orders.Infrastructure.Postgres;
using Orders.Tests.Support;

namespace Orders.Tests.Overlay;

/// <summary>Installing and removing the overlay.</summary>
[Category("Persistence")]
internal sealed class OverlayInstallationTests
{
    private TestDatabase _database = null!;

    private string Ours => _database.StatusChanges.OverlaySchema;

    [SetUp]
    public async Task SetUpAsync() => _database = await TestDatabase.CreateAsync(StatusChangeMode.Overlay, 1, 2, 3);

    [TearDown]
    public async Task TearDownAsync() => await _database.DisposeAsync();

    [Test]
    public async Task Installing_again_keeps_grants_and_recorded_changes()
    {
        await _database.Repository.UpdateStatusAsync(1, OrderStatus.Fulfilled, null, CancellationToken.None);
        await _database.CreateRoleAsync($"select on {Ours}.orders_synced");
        const string grants = "select relacl::text from pg_class where oid = 'orders_synced'::regclass";
        string? before = await _database.ScalarAsync<string>(grants);
        await _database.InstallOverlayAsync();
        Assert.That(await _database.ScalarAsync<string>(grants), Is.EqualTo(before));
        Assert.That(await RecordedChange.ReadAsync(_database), Has.Length.EqualTo(1));
    }

    [Test]
    public async Task An_overlay_with_fewer_columns_is_brought_up_to_date_with_its_grants_and_recorded_changes()
    {
        string plan = (await _database.Overlay.PlanInstallAsync(CancellationToken.None)).Sql;
        string column = OverlayScript.Columns.Split(", ")[^1];
        string earlier = plan.Replace($", {column}", "", StringComparison.Ordinal).Replace($", {column.Split(' ')[0]}", "", StringComparison.Ordinal);
        await using TestDatabase database = await TestDatabase.CreateEmptyAsync(StatusChangeMode.Overlay);
        await database.CreateTableAsync();
        await database.InsertAsync(1);
        string schema = database.StatusChanges.OverlaySchema;
        await database.ExecuteAsync($"create schema {schema}");
        await database.ExecuteAsync(earlier.Replace(_database.Schema, database.Schema, StringComparison.Ordinal));
        await database.ExecuteAsync($"update {schema}.orders_synced set o_orderstatus = 'F' where o_orderkey = 1");
        string role = await database.CreateRoleAsync(
            $"usage on schema {database.Schema}, {schema}", $"select on {database.Table}", $"select, update (o_orderstatus) on {schema}.orders_synced");

        await using RunningApi api = await RunningApi.StartAsync(role, database.Settings);
        RunningApi.Answer before = await api.GetAsync("/health/ready");
        Assert.That((before.Status, before.Detail), Is.EqualTo((503, $"The overlay is of an earlier version and lacks the column {column.Split(' ')[0]}: run the command overlay install.")));

        await database.InstallOverlayAsync();
        Assert.That((await api.GetAsync("/health/ready")).Status, Is.EqualTo(200));
        Assert.That((await api.GetAsync("/api/v1/orders/1")).Json.GetProperty("o_orderstatus").GetString(), Is.EqualTo("F"));
        Assert.That((await api.PostStatusAsync(1, """{"o_orderstatus":"P"}""")).Status, Is.EqualTo(200));
        Assert.That(await RecordedChange.ReadAsync(database), Has.Length.EqualTo(2));
        Assert.That((await database.Overlay.DescribeAsync(CancellationToken.None)).IsInlined, Is.True);
        Assert.That(
            await database.ScalarAsync<string>($"select string_agg(proname, ' ' order by proname) from pg_proc where pronamespace = '{schema}'::regnamespace"),
            Is.EqualTo("record_status_change synced_orders"));
    }

    [Test]
    public async Task Concurrent_installations_install_it_once()
    {
        await using TestDatabase database = await TestDatabase.CreateEmptyAsync(StatusChangeMode.Overlay);
        await database.ExecuteAsync($"create schema {database.StatusChanges.OverlaySchema}");
        await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => database.InstallOverlayAsync()));
        Assert.That((await database.Overlay.DescribeAsync(CancellationToken.None)).IsInstalled, Is.True);
    }

    [Test]
    public async Task The_overlay_can_be_installed_before_the_synced_table_exists()
    {
        await using TestDatabase database = await TestDatabase.CreateEmptyAsync(StatusChangeMode.Overlay);
        OverlayPlan plan = await database.Overlay.PlanInstallAsync(CancellationToken.None);
        Assert.That(plan.Remarks.Single(), Does.Contain("does not exist yet"));
        await database.Overlay.RunAsync(plan, CancellationToken.None);
        await database.CreateTableAsync();
        await database.InsertAsync(5);
        Assert.That(await database.Repository.UpdateStatusAsync(5, OrderStatus.Fulfilled, null, CancellationToken.None), Is.EqualTo(StatusUpdateResult.Updated));
    }

    [Test]
    public async Task An_installation_needs_only_the_rights_to_read_the_synced_table_and_to_create_a_schema()
    {
        await using TestDatabase database = await TestDatabase.CreateEmptyAsync(StatusChangeMode.Overlay);
        await database.CreateTableAsync();
        await database.InsertAsync(1, 2, 3);
        string catalog = new NpgsqlConnectionStringBuilder(database.ConnectionString).Database!;
        string role = await database.CreateRoleAsync($"create on database {catalog}", $"usage on schema {database.Schema}", $"select on {database.Table}");
        await using ServerDataSource dataSource = OrdersDataSource.Create(role);
        var overlay = new StatusOverlay(TestDatabase.ConnectionsTo(dataSource), database.StatusChanges, new OverlayCatalog(database.StatusChanges));
        await overlay.RunAsync(await overlay.PlanInstallAsync(CancellationToken.None), CancellationToken.None);

        Assert.That((await overlay.DescribeAsync(CancellationToken.None)).Missing, Is.Empty);
        await using RunningApi api = await RunningApi.StartAsync(role, database.Settings);
        foreach (string path in new[] { "/health/ready", "/api/v1/orders/count", "/api/v1/orders/sample", "/api/v1/orders/pages", "/api/v1/orders/stream", "/api/v1/orders/1" })
        {
            Assert.That((await api.GetAsync(path)).Status, Is.EqualTo(200), path);
        }

        Assert.That((await api.PostStatusAsync(1, """{"o_orderstatus":"F"}""")).Status, Is.EqualTo(200));
        Assert.That((await api.GetAsync("/api/v1/orders/1")).Json.GetProperty("o_orderstatus").GetString(), Is.EqualTo("F"));
    }

    [Test]
    public async Task A_serving_role_can_record_changes_but_not_alter_or_forge_them()
    {
        string role = await _database.CreateRoleAsync(
            $"usage on schema {_database.Schema}, {Ours}", $"select on {_database.Table}", $"select, update (o_orderstatus) on {Ours}.orders_synced");
        await using ServerDataSource dataSource = OrdersDataSource.Create(role);
        Assert.That(await TestDatabase.RepositoryOn(dataSource).UpdateStatusAsync(1, OrderStatus.Fulfilled, "anna", CancellationToken.None), Is.EqualTo(StatusUpdateResult.Updated));
        Assert.That(await RecordedChange.ReadAsync(_database), Has.Length.EqualTo(1));
        foreach (string sql in new[] { "delete from order_status_changes", "update order_status_changes set new_status = 'O'", "insert into order_status_changes (o_orderkey, new_status) values (1, 'O')" })
        {
            await using NpgsqlCommand command = dataSource.Current.CreateCommand(sql);
            Assert.That(() => command.ExecuteNonQueryAsync(), Throws.InstanceOf<PostgresException>().With.Property("SqlState").EqualTo("42501"), sql);
        }
    }

    [Test]
    public async Task The_message_to_a_role_that_may_not_create_names_the_missing_rights()
    {
        await using TestDatabase database = await TestDatabase.CreateEmptyAsync(StatusChangeMode.Overlay);
        await using ServerDataSource dataSource = OrdersDataSource.Create(await database.CreateRoleAsync());
        var overlay = new StatusOverlay(TestDatabase.ConnectionsTo(dataSource), database.StatusChanges, new OverlayCatalog(database.StatusChanges));
        OverlayPlan plan = await overlay.PlanInstallAsync(CancellationToken.None);
        Assert.That(() => overlay.RunAsync(plan, CancellationToken.None), Throws.InstanceOf<StartupException>().With.Message.Contains("create schema"));
    }

    [TestCase("create table {0}.orders_synced (mine text)", "orders_synced exists already")]
    [TestCase("create view {0}.order_status_changes as select 1 as mine", "order_status_changes exists already")]
    public async Task A_relation_with_the_name_of_a_part_is_not_replaced(string existing, string reason)
    {
        await using TestDatabase database = await TestDatabase.CreateEmptyAsync(StatusChangeMode.Overlay);
        string schema = database.StatusChanges.OverlaySchema;
        await database.ExecuteAsync($"create schema {schema}; {existing.Replace("{0}", schema, StringComparison.Ordinal)}");
        Assert.That(() => database.Overlay.PlanInstallAsync(CancellationToken.None), Throws.InstanceOf<StartupException>().With.Message.Contains(reason.Split(' ')[0]));
    }

    [Test]
    public async Task Names_with_special_characters_are_quoted()
    {
        StatusChangeOptions options = _database.StatusChanges with
        {
            SyncedTable = new QualifiedName { Schema = $"{_database.Schema}_Ünder \"the' .sky", Name = "select" },
            OverlaySchema = $"{_database.Schema}_overlay; drop 'it\"",
        };
        await _database.ExecuteAsync(
            $"""create schema {QualifiedName.Quote(options.SyncedTable.Schema)}; create table {options.SyncedTable} (like {_database.Table} including all); insert into {options.SyncedTable} select * from {_database.Table}""");
        try
        {
            await using ServerDataSource dataSource = OrdersDataSource.Create(options.Lead(_database.ConnectionString));
            var overlay = new StatusOverlay(TestDatabase.ConnectionsTo(dataSource), options, new OverlayCatalog(options));
            await overlay.RunAsync(await overlay.PlanInstallAsync(CancellationToken.None), CancellationToken.None);
            var repository = TestDatabase.RepositoryOn(dataSource);
            Assert.That(await repository.UpdateStatusAsync(2, OrderStatus.Fulfilled, null, CancellationToken.None), Is.EqualTo(StatusUpdateResult.Updated));
            Assert.That((await repository.FindAsync(2, CancellationToken.None))!.Status, Is.EqualTo("F"));
            await overlay.RunAsync((await overlay.PlanRemovalAsync(RecordedChanges.Discard, CancellationToken.None))!, CancellationToken.None);
        }
        finally
        {
            await _database.ExecuteAsync($"drop schema {QualifiedName.Quote(options.SyncedTable.Schema)} cascade; drop schema {QualifiedName.Quote(options.OverlaySchema)} cascade");
        }
    }

    [Test]
    public async Task Removing_recorded_changes_needs_an_option()
    {
        await _database.Repository.UpdateStatusAsync(1, OrderStatus.Fulfilled, null, CancellationToken.None);
        Assert.That(
            () => _database.Overlay.PlanRemovalAsync(RecordedChanges.MustBeNone, CancellationToken.None),
            Throws.InstanceOf<StartupException>().With.Message.Contains("--keep-changes").And.Message.Contains("--discard-changes"));
    }

    [Test]
    public async Task A_change_recorded_between_the_plan_and_the_removal_stops_the_removal()
    {
        OverlayPlan? plan = await _database.Overlay.PlanRemovalAsync(RecordedChanges.MustBeNone, CancellationToken.None);
        await _database.Repository.UpdateStatusAsync(1, OrderStatus.Fulfilled, null, CancellationToken.None);
        Assert.That(() => _database.Overlay.RunAsync(plan!, CancellationToken.None), Throws.InstanceOf<StartupException>());
        Assert.That((await _database.Repository.FindAsync(1, CancellationToken.None))!.Status, Is.EqualTo("F"));
    }

    [Test]
    public async Task Kept_changes_are_used_again_by_the_next_installation()
    {
        await _database.Repository.UpdateStatusAsync(1, OrderStatus.Fulfilled, null, CancellationToken.None);
        await RemoveAsync(RecordedChanges.Keep);
        Assert.That(await _database.Overlay.PlanRemovalAsync(RecordedChanges.Keep, CancellationToken.None), Is.Null);
        await _database.InstallOverlayAsync();
        Assert.That((await _database.Repository.FindAsync(1, CancellationToken.None))!.Status, Is.EqualTo("F"));
    }

    [Test]
    public async Task Discarding_the_changes_leaves_nothing_to_remove()
    {
        await _database.Repository.UpdateStatusAsync(1, OrderStatus.Fulfilled, null, CancellationToken.None);
        await RemoveAsync(RecordedChanges.Discard);
        Assert.That(await _database.ScalarAsync<long>("select count(*) from pg_class where relnamespace = to_regnamespace(@Ours)", new { Ours }), Is.Zero);
        Assert.That(await _database.Overlay.PlanRemovalAsync(RecordedChanges.MustBeNone, CancellationToken.None), Is.Null);
    }

    [Test]
    public async Task Without_the_overlay_its_name_does_not_resolve_to_the_synced_table()
    {
        await RemoveAsync(RecordedChanges.MustBeNone);
        Assert.That(
            () => _database.Repository.UpdateStatusAsync(1, OrderStatus.Fulfilled, null, CancellationToken.None),
            Throws.InstanceOf<PostgresException>().With.Property("SqlState").EqualTo("42P01"));
        Assert.That(await _database.ScalarAsync<string>($"select o_orderstatus from {_database.Table} where o_orderkey = 1"), Is.EqualTo("O"));
    }

    private async Task RemoveAsync(RecordedChanges changes) =>
        await _database.Overlay.RunAsync((await _database.Overlay.PlanRemovalAsync(changes, CancellationToken.None))!, CancellationToken.None);
}
