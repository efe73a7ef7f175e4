using Npgsql;
using Orders.Client;

namespace Orders.Tests.Sdk.Examples;

/// <summary>One service for the whole suite: the one at ORDERS_URL (its database at ORDERS_DATABASE) when that is set, else containers.</summary>
[SetUpFixture]
internal sealed class OrdersSuite
{
    private static OrdersContainers? _containers;
    private static HttpClient _http = null!;

    public static OrdersClient Api { get; private set; } = null!;

    public static NpgsqlDataSource Database { get; private set; } = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        string? url = Environment.GetEnvironmentVariable("ORDERS_URL");
        string? database = Environment.GetEnvironmentVariable("ORDERS_DATABASE");
        if (url is null || database is null)
        {
            _containers = new OrdersContainers();
            await _containers.StartAsync();
            (url, database) = (_containers.Url.ToString(), _containers.ConnectionString);
        }

        _http = new HttpClient { BaseAddress = new Uri(url) };
        Api = new OrdersClient(_http);
        Database = NpgsqlDataSource.Create(database);
        await SavedStatuses.SaveAsync(Database);
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        _http?.Dispose();
        if (Database is not null)
        {
            await Database.DisposeAsync();
        }

        if (_containers is not null)
        {
            await _containers.DisposeAsync();
        }
    }
}
