using Npgsql;
using Orders.Infrastructure.Postgres;

namespace Orders.Tests.Postgres;

internal sealed class OrdersDataSourceTests
{
    [TestCase("Host=db", 30, 5)]
    [TestCase("Host=db;Connection Idle Lifetime=12", 12, 10)]
    [TestCase("Host=db;Connection Pruning Interval=60", 300, 60)]
    public async Task Idle_connections_are_closed_as_the_connection_string_says_or_soon(string connectionString, int lifetime, int interval)
    {
        await using ServerDataSource dataSource = OrdersDataSource.Create(connectionString);
        var settings = new NpgsqlConnectionStringBuilder(dataSource.Current.ConnectionString);
        Assert.That((settings.ConnectionIdleLifetime, settings.ConnectionPruningInterval), Is.EqualTo((lifetime, interval)));
    }
}
