using DotNet.Testcontainers.Builders;
using DotNet.Testcontainers.Containers;
using DotNet.Testcontainers.Networks;
using Testcontainers.PostgreSql;

namespace Orders.Tests.Sdk.Examples;

/// <summary>The API and its database in containers of their own, with the 15,000 orders of scale factor 0.01.</summary>
internal sealed class OrdersContainers : IAsyncDisposable
{
    private readonly INetwork _network = new NetworkBuilder().Build();
    private readonly PostgreSqlContainer _database;
    private readonly IContainer _seed;
    private readonly IContainer _api;

    public OrdersContainers()
    {
        _database = new PostgreSqlBuilder("postgres:17-alpine").WithNetwork(_network).WithNetworkAliases("db").Build();
        _seed = Orders().WithCommand("seed", "--scale-factor", "0.01").Build();
        _api = Orders()
            .WithPortBinding(8000, assignRandomHostPort: true)
            .WithWaitStrategy(Wait.ForUnixContainer().UntilHttpRequestIsSucceeded(request => request.ForPort(8000).ForPath("/health/ready")))
            .Build();
    }

    public Uri Url => new($"http://{_api.Hostname}:{_api.GetMappedPublicPort(8000)}");

    public string ConnectionString => _database.GetConnectionString();

    public async Task StartAsync()
    {
        await _database.StartAsync();
        await _seed.StartAsync();
        if (await _seed.GetExitCodeAsync() != 0)
        {
            throw new InvalidOperationException($"The orders were not loaded: {await _seed.GetLogsAsync()}");
        }

        await _api.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _api.DisposeAsync();
        await _seed.DisposeAsync();
        await _database.DisposeAsync();
        await _network.DisposeAsync();
    }

    private ContainerBuilder Orders() => new ContainerBuilder("orders")
        .WithNetwork(_network)
        .WithEnvironment("ConnectionStrings__Orders", "Host=db;Database=postgres;Username=postgres;Password=postgres")
        .WithEnvironment("Orders__AnonymousAccess", "ReadWrite");
}
