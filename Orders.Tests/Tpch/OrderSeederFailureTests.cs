using Npgsql;
using Orders.Application.Seeding;
using Orders.Infrastructure.Tpch;
using Orders.Tests.Support;

namespace Orders.Tests.Tpch;

/// <summary>After a load that fails midway, the table has exactly the old rows.</summary>
public sealed class OrderSeederFailureTests
{
    private SeederDatabase _database = null!;

    [SetUp]
    public async Task SetUp()
    {
        _database = await SeederDatabase.CreateAsync();
        await _database.AddOldOrderAsync();
    }

    [TearDown]
    public async Task TearDown() => await _database.DisposeAsync();

    [Test]
    public async Task A_cancelled_load_leaves_the_table_unchanged()
    {
        using var cancellation = new CancellationTokenSource();

        Assert.That(
            async () => await ReplaceAsync(_database.DataSource, ProgressAction.Midway(cancellation.Cancel), cancellation.Token),
            Throws.InstanceOf<OperationCanceledException>());
        await AssertOnlyOldOrderAsync();
    }

    [Test]
    public async Task A_load_cancelled_while_it_waits_for_the_lock_leaves_the_table_unchanged()
    {
        await using NpgsqlConnection writer = await _database.DataSource.OpenConnectionAsync();
        await using NpgsqlTransaction open = await writer.BeginTransactionAsync();
        await new OrderTable(writer).LockAgainstWritersAsync(CancellationToken.None);
        using var cancellation = new CancellationTokenSource();
        Task<long> waiting = ReplaceAsync(_database.DataSource, ProgressAction.None, cancellation.Token);
        while (!await _database.ScalarAsync<bool>("select exists (select from pg_locks where relation = 'orders_synced'::regclass and not granted)"))
        {
            Assert.That(waiting.IsCompleted, Is.False);
        }

        await cancellation.CancelAsync();

        Assert.That(async () => await waiting, Throws.InstanceOf<OperationCanceledException>());
        await open.RollbackAsync();
        await AssertOnlyOldOrderAsync();
    }

    [Test]
    public async Task A_load_cancelled_after_the_commit_reports_that_the_orders_are_loaded()
    {
        using var cancellation = new CancellationTokenSource();
        var stop = new ProgressAction(progress =>
        {
            if (progress.Stage == SeedStage.Vacuuming)
            {
                cancellation.Cancel();
            }
        });

        SeedException? failure = Assert.ThrowsAsync<SeedException>(() => ReplaceAsync(_database.DataSource, stop, cancellation.Token));

        Assert.That(failure!.Message, Is.EqualTo(
            "Stopped. All orders are loaded, but the table was not vacuumed: run \"vacuum (analyze) orders_synced\"."));
        Assert.That(await _database.ScalarAsync<long>("select count(*) from orders_synced"), Is.EqualTo(15_000));
    }

    [Test]
    public async Task A_lost_connection_leaves_the_table_unchanged()
    {
        await using NpgsqlDataSource loading = _database.Connect(builder => builder.ApplicationName = "loading");
        IProgress<SeedProgress> cut = ProgressAction.Midway(() => _database
            .ScalarAsync<bool>("select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'loading'").GetAwaiter().GetResult());

        SeedException? failure = Assert.ThrowsAsync<SeedException>(() => ReplaceAsync(loading, cut, CancellationToken.None));

        Assert.That(failure!.Message, Does.Contain("connection").And.EndWith("The table is unchanged."));
        await AssertOnlyOldOrderAsync();
    }

    [Test]
    public async Task A_missing_right_is_named_and_the_table_is_unchanged()
    {
        string role = await _database.CreateRoleAsync("select, delete");
        await using NpgsqlDataSource restricted = _database.Connect(builder => builder.Username = role);

        SeedException? failure = Assert.ThrowsAsync<SeedException>(() => ReplaceAsync(restricted, ProgressAction.None, CancellationToken.None));

        Assert.That(failure!.Message, Is.EqualTo(
            "A right is missing: permission denied for table orders_synced. A load needs select, insert and delete on orders_synced. The table is unchanged."));
        await AssertOnlyOldOrderAsync();
    }

    [Test]
    public async Task A_server_error_at_the_end_of_the_copy_leaves_the_table_unchanged()
    {
        await _database.ExecuteAsync("alter table orders_synced add constraint few check (o_orderkey < 59000)");

        SeedException? failure = Assert.ThrowsAsync<SeedException>(() => ReplaceAsync(_database.DataSource, ProgressAction.None, CancellationToken.None));

        Assert.That(failure!.Message, Does.StartWith("PostgreSQL refused: ").And.Contain("\"few\"").And.EndWith("The table is unchanged."));
        await AssertOnlyOldOrderAsync();
    }

    [Test]
    public async Task A_missing_table_is_reported()
    {
        await _database.ExecuteAsync("alter table orders_synced rename to elsewhere");

        SeedException? failure = Assert.ThrowsAsync<SeedException>(() => ReplaceAsync(_database.DataSource, ProgressAction.None, CancellationToken.None));

        Assert.That(failure!.Message, Does.StartWith("There is no table orders_synced"));
    }

    [Test]
    public async Task An_unreachable_server_is_reported()
    {
        await using NpgsqlDataSource nowhere = _database.Connect(builder => (builder.Host, builder.Port) = ("127.0.0.1", 1));

        SeedException? failure = Assert.ThrowsAsync<SeedException>(() => ReplaceAsync(nowhere, ProgressAction.None, CancellationToken.None));

        Assert.That(failure!.Message, Is.EqualTo("The database does not accept connections: nothing listens at its address. The table is unchanged."));
    }

    [Test]
    public async Task A_load_larger_than_the_free_space_of_the_servers_disk_is_refused_before_it_starts()
    {
        await using NpgsqlDataSource local = _database.Connect(_ => { });

        SeedException? refusal = Assert.ThrowsAsync<SeedException>(() => new OrderSeeder(TestDatabase.ConnectionsTo(local)).LoadAsync(
            new SeedRequest { ScaleFactor = ScaleFactor.Parse("29999"), Mode = SeedMode.Replace }, ProgressAction.None, CancellationToken.None));

        Assert.That(refusal!.Message, Does.StartWith("Scale factor 29999 takes about 7,65").And.Contain("are free on the disk of"));
        await AssertOnlyOldOrderAsync();
    }

    private static Task<long> ReplaceAsync(NpgsqlDataSource dataSource, IProgress<SeedProgress> progress, CancellationToken cancellationToken) =>
        new OrderSeeder(TestDatabase.ConnectionsTo(dataSource)).LoadAsync(
            new SeedRequest { ScaleFactor = ScaleFactor.Parse("0.01"), Mode = SeedMode.Replace }, progress, cancellationToken);

    private async Task AssertOnlyOldOrderAsync() =>
        Assert.That(await _database.TextAsync(), Is.EqualTo("5|1|X|1.50|2000-01-01|5-LOW|Clerk#000000001|0|old\n"));
}
