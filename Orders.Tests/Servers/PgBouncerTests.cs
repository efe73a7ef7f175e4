using Npgsql;
using Orders.Tests.Support;

namespace Orders.Tests.Servers;

/// <summary>The service behind PgBouncer, whose connections are another one for each transaction or statement.</summary>
[TestFixtureSource(nameof(Fixtures))]
[Category("Persistence")]
internal sealed class PgBouncerTests(PgBouncer.PoolMode mode, TableKind kind) : EveryOperationTests
{
    private TestDatabase _database = null!;
    private PgBouncer _bouncer = null!;

    /// <summary>Statement mode forbids more than transaction mode: what differs there are changes, alone and with the overlay's settings.</summary>
    private static IEnumerable<TestFixtureData> Fixtures =>
    [
        .. TableScript.Kinds.Select(kind => new TestFixtureData(PgBouncer.PoolMode.Transaction, kind)),
        new(PgBouncer.PoolMode.Statement, TableKind.Plain),
        new(PgBouncer.PoolMode.Statement, TableKind.Overlay),
    ];

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        Keys = [.. Enumerable.Range(1, 1500).Select(key => (long)key)];
        _database = await TestDatabase.CreateAsync(kind, Keys);
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
