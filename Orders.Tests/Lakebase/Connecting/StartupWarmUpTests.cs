using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orders.Application;
using Orders.Infrastructure.Health;
using Orders.Infrastructure.Lakebase.Connecting;
using Orders.Infrastructure.Postgres;
using Orders.Tests.Lakebase.Support;
using Orders.Tests.Support;

namespace Orders.Tests.Lakebase.Connecting;

/// <summary>What is missing is said in the log at the start, however long it takes until there is a connection.</summary>
internal sealed class StartupWarmUpTests
{
    private const string Unknown = "The database's address is not known.";

    private readonly NoticeLog _log = new();
    private SteppedTime _time = null!;
    private TestDatabase _database = null!;
    private bool _isKnown;

    [SetUp]
    public async Task SetUpAsync()
    {
        _time = new SteppedTime();
        _database = await TestDatabase.CreateAsync(1);
        _log.Texts.Clear();
        _isKnown = false;
    }

    [TearDown]
    public async Task TearDownAsync() => await _database.DisposeAsync();

    [OneTimeTearDown]
    public void DisposeLog() => _log.Dispose();

    [Test]
    public async Task A_right_that_is_missing_when_the_address_is_found_at_last_is_named()
    {
        await using ServerDataSource dataSource = OrdersDataSource.Create(await _database.CreateServingRoleAsync("update"));
        await using ServiceProvider services = Services(dataSource);
        using StartupWarmUp check = ActivatorUtilities.CreateInstance<StartupWarmUp>(services);
        await check.StartAsync(CancellationToken.None);
        for (int tries = 0; tries < 3; tries++)
        {
            await _time.WaitForTimerAsync(TimeSpan.FromMinutes(2));
            _isKnown = tries == 2;
            _time.Advance(TimeSpan.FromMinutes(2));
        }

        await check.ExecuteTask!.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.That(_log.Texts.Where(text => text.Contains(Unknown, StringComparison.Ordinal)), Has.Exactly(1).Items);
        Assert.That(_log.Texts, Has.Some.Contains($"grant select on {_database.Schema}.orders_synced to"));
    }

    [Test]
    public void Only_the_service_warms_up()
    {
        string[] settings =
        [
            "--Orders:AnonymousAccess=Read", "--Lakebase:InstanceName=orders", "--Lakebase:WorkspaceHost=http://127.0.0.1:1", "--Lakebase:Token=token", "--Lakebase:Host=127.0.0.1", "--Lakebase:User=anna",
        ];
        using WebApplication service = Program.BuildApi(settings);
        using IHost command = Program.BuildCommandHost(settings);
        Assert.That(service.Services.GetServices<IHostedService>().OfType<StartupWarmUp>(), Has.Exactly(1).Items);
        Assert.That(command.Services.GetServices<IHostedService>().OfType<StartupWarmUp>(), Is.Empty);
    }

    private ServiceProvider Services(ServerDataSource dataSource)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton<ILoggerFactory>(_log);
        services.AddSingleton<TimeProvider>(_time);
        services.AddTransient(_ => _isKnown
            ? TestDatabase.ConnectionsTo(dataSource)
            : throw new DatabaseUnavailableException(Unknown, new InvalidOperationException("Not yet.")));
        services.AddTransient(provider => ActivatorUtilities.CreateInstance<OrdersTable>(provider, false));
        services.AddTransient<ITableInspector>(_ => new OrdersTableInspector(new ConnectionPolicy(TimeSpan.Zero)));
        services.AddSingleton(TableLocation.SearchPath);
        services.AddHealthChecks().AddCheck<OrdersHealthCheck>("orders");
        return services.BuildServiceProvider();
    }
}
