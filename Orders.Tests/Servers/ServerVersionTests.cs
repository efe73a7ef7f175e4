using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Orders.Application.Seeding;
using Orders.Infrastructure.Postgres;
using Orders.Infrastructure.Schema;
using Orders.Infrastructure.Tpch;
using Orders.Tests.Support;
using Orders.Tests.Tpch;

namespace Orders.Tests.Servers;

/// <summary>The service with its own schema and generated orders, on each major version of PostgreSQL.</summary>
[TestFixture(15)]
[TestFixture(16)]
[TestFixture(17)]
[TestFixture(18)]
internal sealed class ServerVersionTests(int majorVersion) : EveryOperationTests
{
    private DatabaseServer _server = null!;
    private ServerDataSource _dataSource = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _server = await ServerVersions.StartAsync(majorVersion);
        _dataSource = OrdersDataSource.Create(_server.ConnectionString);
        DatabaseConnections connections = TestDatabase.ConnectionsTo(_dataSource);
        await new SchemaMigrator(connections, NullLogger<SchemaMigrator>.Instance).MigrateAsync(CancellationToken.None);
        await new OrderSeeder(connections).LoadAsync(new SeedRequest { ScaleFactor = ScaleFactor.Parse("0.001") }, ProgressAction.None, CancellationToken.None);
        Keys = await ScalarAsync<long[]>("select array_agg(o_orderkey order by o_orderkey) from orders_synced");
        Api = await RunningApi.StartAsync(_server.ConnectionString, ExactCount);
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        await Api.DisposeAsync();
        await _dataSource.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Test]
    public async Task The_server_is_of_that_version_and_the_seeder_filled_its_table()
    {
        Assert.That(await ScalarAsync<string>("select current_setting('server_version_num')::int / 10000 || ''"), Is.EqualTo($"{majorVersion}"));
        Assert.That(Keys, Has.Length.EqualTo(1500));
    }

    /// <summary>That of a transaction ends the session with it, on the versions that have it.</summary>
    [Test]
    public async Task A_change_over_the_servers_time_limit_is_a_timeout_and_the_next_one_is_made()
    {
        string limit = majorVersion < 17 ? "statement_timeout" : "transaction_timeout";
        await using RunningApi api = await RunningApi.StartAsync($"{_server.ConnectionString};Options=-c {limit}=600");
        await using NpgsqlConnection connection = await _dataSource.Current.OpenConnectionAsync();
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync();
        await using (NpgsqlCommand command = connection.CreateCommand())
        {
            command.CommandText = "select o_orderkey from orders_synced where o_orderkey = 1 for update";
            await command.ExecuteScalarAsync();
        }

        RunningApi.Answer late = await api.PostStatusAsync(1, """{"o_orderstatus":"F"}""");
        Assert.That((late.Status, late.Code), Is.EqualTo((504, "timeout")), late.Body);
        await transaction.RollbackAsync();
        Assert.That((await api.PostStatusAsync(1, """{"o_orderstatus":"F"}""")).Status, Is.EqualTo(200));
    }

    private async Task<T> ScalarAsync<T>(string sql)
    {
        await using NpgsqlCommand command = _dataSource.Current.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync())!;
    }
}
