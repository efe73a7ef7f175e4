using Orders.Application.Seeding;
using Orders.Infrastructure.Tpch;
using Orders.Tests.Support;
using Orders.Tests.Tpch;

namespace Orders.Tests.Sdk;

/// <summary>
/// The service with the sample data that the README and docs/integration-tests.md speak of, and where the page's examples meet
/// one: this one, in this process, or containers when <c>ORDERS_TEST_API</c> is <c>container</c>.
/// </summary>
[SetUpFixture]
internal sealed class SampleApi
{
    private static TestDatabase? _database;
    private static RunningApi? _api;

    public static bool IsContainer { get; } = Environment.GetEnvironmentVariable("ORDERS_TEST_API") switch
    {
        null or "" => false,
        "container" => true,
        var other => throw new InvalidOperationException($"ORDERS_TEST_API is '{other}': set it to container, or not at all."),
    };

    public static Uri Url => _api?.Client.BaseAddress ?? throw new InvalidOperationException("The service with the sample data did not start.");

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _database = await TestDatabase.CreateAsync();
        await new OrderSeeder(_database.Connections).LoadAsync(
            new SeedRequest { ScaleFactor = ScaleFactor.Parse("0.01") }, ProgressAction.None, CancellationToken.None);
        _api = await RunningApi.StartAsync(_database.ConnectionString);
        Environment.SetEnvironmentVariable("ORDERS_URL", IsContainer ? null : Url.ToString());
        Environment.SetEnvironmentVariable("ORDERS_DATABASE", IsContainer ? null : _database.ConnectionString);
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        if (_api is not null)
        {
            await _api.DisposeAsync();
        }

        if (_database is not null)
        {
            await _database.DisposeAsync();
        }
    }
}
