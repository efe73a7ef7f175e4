using Npgsql;
using Orders.Application.Overlay;
using Orders.Tests.Support;

namespace Orders.Tests.Servers;

/// <summary>The service behind PgBouncer, whose connections are another one for each transaction or statement.</summary>
[TestFixture(PgBouncer.PoolMode.Transaction, StatusChangeMode.InPlace)]
[TestFixture(PgBouncer.PoolMode.Statement, StatusChangeMode.InPlace)]
[TestFixture(PgBouncer.PoolMode.Transaction, StatusChangeMode.Overlay)]
[TestFixture(PgBouncer.PoolMode.Statement, StatusChangeMode.Overlay)]
[Category("Persistence")]
internal sealed class PgBouncerTests(PgBouncer.PoolMode mode, StatusChangeMode changes) : EveryOperationTests
{
    private TestDatabase _database = null!;
    private PgBouncer _bouncer = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        Keys = [.. Enumerable.Range(1, 1500).Select(key => (long)key)];
        _database = await TestDatabase.CreateAsync(changes, Keys);
        _bouncer = await PgBouncer.StartAsync(await _database.CreateRoleWithPathAsync(), mode);
        Api = await RunningApi.StartAsync(_bouncer.ConnectionString, [.. _database.Settings, ExactCount]);
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        await Api.DisposeAsync();
        await _bouncer.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Test]
    public async Task A_client_finds_the_table_though_it_gives_no_search_path()
    {
        await using NpgsqlDataSource dataSource = NpgsqlDataSource.Create(_bouncer.ConnectionString);
        await using NpgsqlCommand command = dataSource.CreateCommand("select count(*) from orders_synced");
        Assert.That(await command.ExecuteScalarAsync(), Is.EqualTo(Keys.LongLength));
    }
}
