using System.Text;
using Npgsql;
using Orders.Application.Seeding;
using Orders.Infrastructure.Tpch;
using Orders.Tests.Support;

namespace Orders.Tests.Tpch;

public sealed class OrderSeederTests
{
    private static readonly ScaleFactor Small = ScaleFactor.Parse("0.01");

    private SeederDatabase _database = null!;

    [SetUp]
    public async Task SetUp() => _database = await SeederDatabase.CreateAsync();

    [TearDown]
    public async Task TearDown() => await _database.DisposeAsync();

    [Test]
    public async Task The_loaded_table_equals_dbgens()
    {
        long rows = await LoadAsync(SeedMode.IntoEmpty);

        Assert.That(rows, Is.EqualTo(15_000));
        Assert.That(GeneratedText.Md5(Encoding.ASCII.GetBytes(await _database.TextAsync())), Is.EqualTo("21facd7dbefed34dbe35e6209ae364db"));
    }

    [Test]
    public async Task After_a_load_every_page_is_all_visible_and_the_planner_knows_the_row_count()
    {
        await LoadAsync(SeedMode.IntoEmpty);

        Assert.That(await PagesNotAllVisibleAsync(), Is.Zero);
        Assert.That(await _database.ScalarAsync<float>("select reltuples from pg_class where oid = 'orders_synced'::regclass"), Is.EqualTo(15_000));
    }

    [Test]
    public async Task After_a_replacement_every_page_is_all_visible()
    {
        await LoadAsync(SeedMode.IntoEmpty);
        await LoadAsync(SeedMode.Replace);

        Assert.That(await PagesNotAllVisibleAsync(), Is.Zero);
    }

    [Test]
    public async Task A_load_into_a_table_with_rows_is_refused_and_leaves_it_unchanged()
    {
        await _database.AddOldOrderAsync();

        SeedException? refusal = Assert.ThrowsAsync<SeedException>(() => LoadAsync(SeedMode.IntoEmpty));

        Assert.That(refusal!.Message, Does.Contain("has rows already").And.Contain("--replace"));
        await AssertOnlyOldOrderAsync();
    }

    [Test]
    public async Task If_empty_leaves_a_table_with_rows_unchanged()
    {
        await _database.AddOldOrderAsync();

        Assert.That(await LoadAsync(SeedMode.IfEmpty), Is.Zero);
        await AssertOnlyOldOrderAsync();
    }

    [Test]
    public async Task If_empty_fills_an_empty_table() =>
        Assert.That(await LoadAsync(SeedMode.IfEmpty), Is.EqualTo(15_000));

    [Test]
    public async Task Readers_see_the_old_rows_until_the_new_ones_are_committed()
    {
        await _database.AddOldOrderAsync();
        var seen = new HashSet<long>();
        var reader = new ProgressAction(progress =>
        {
            if (progress.Stage is SeedStage.Writing or SeedStage.Committing)
            {
                seen.Add(_database.ScalarAsync<long>("select count(*) from orders_synced").GetAwaiter().GetResult());
            }
        });

        await LoadAsync(SeedMode.Replace, reader);

        Assert.That(seen, Is.EquivalentTo(new long[] { 1 }));
        Assert.That(await _database.ScalarAsync<long>("select count(*) from orders_synced"), Is.EqualTo(15_000));
    }

    [Test]
    public async Task Grants_and_views_survive_a_replacement()
    {
        await _database.AddOldOrderAsync();
        await _database.ExecuteAsync("create view expensive as select * from orders_synced where o_totalprice > 100000");
        string role = await _database.CreateRoleAsync("select");

        await LoadAsync(SeedMode.Replace);

        Assert.That(await _database.ScalarAsync<bool>($"select has_table_privilege('{role}', 'orders_synced', 'select')"), Is.True);
        Assert.That(await _database.ScalarAsync<long>("select count(*) from expensive"), Is.Positive);
    }

    [Test]
    public async Task Of_two_concurrent_loads_one_fills_the_table_and_the_other_does_nothing()
    {
        long[] both = await Task.WhenAll(LoadAsync(SeedMode.IfEmpty), LoadAsync(SeedMode.IfEmpty));

        Assert.That(both, Is.EquivalentTo(new long[] { 0, 15_000 }));
    }

    [Test]
    public async Task Time_limits_of_the_connection_do_not_stop_a_load()
    {
        await using NpgsqlDataSource limited = _database.Connect(builder => (builder.Options, builder.CommandTimeout) = ("-c statement_timeout=40ms", 1));

        long rows = await new OrderSeeder(TestDatabase.ConnectionsTo(limited)).LoadAsync(
            new SeedRequest { ScaleFactor = ScaleFactor.Parse("0.1") }, ProgressAction.None, CancellationToken.None);

        Assert.That(rows, Is.EqualTo(150_000));
    }

    private Task<long> LoadAsync(SeedMode mode) => LoadAsync(mode, ProgressAction.None);

    private Task<long> LoadAsync(SeedMode mode, IProgress<SeedProgress> progress) =>
        new OrderSeeder(TestDatabase.ConnectionsTo(_database.DataSource)).LoadAsync(new SeedRequest { ScaleFactor = Small, Mode = mode }, progress, CancellationToken.None);

    private Task<int> PagesNotAllVisibleAsync() =>
        _database.ScalarAsync<int>("select relpages - relallvisible from pg_class where oid = 'orders_synced'::regclass");

    private async Task AssertOnlyOldOrderAsync() =>
        Assert.That(await _database.TextAsync(), Is.EqualTo("5|1|X|1.50|2000-01-01|5-LOW|Clerk#000000001|0|old\n"));
}
