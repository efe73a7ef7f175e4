using Orders.Application.Overlay;
using Orders.Infrastructure.Overlay;
using Orders.Infrastructure.Postgres;
using Orders.Tests.Support;

namespace Orders.Tests.Overlay;

/// <summary>Readiness names what is missing and the statement or setting that fixes it.</summary>
internal sealed class OverlayReadinessTests
{
    private TestDatabase _database = null!;

    [SetUp]
    public async Task SetUpAsync() => _database = await TestDatabase.CreateAsync(StatusChangeMode.Overlay, 1);

    [TearDown]
    public async Task TearDownAsync() => await _database.DisposeAsync();

    [Test]
    public async Task Readiness_names_each_missing_grant_and_running_them_fixes_it()
    {
        string role = await _database.CreateRoleAsync();
        await using RunningApi api = await RunningApi.StartAsync(role, _database.Settings);
        List<string> granted = [];
        RunningApi.Answer answer;
        while ((answer = await api.GetAsOperatorAsync("/health/ready")).Status == 503)
        {
            Assert.That((await api.GetAsync("/health/ready")).Detail, Does.StartWith("The right to ").And.Not.Contain("grant").And.Not.Contain(_database.Schema));
            Assert.That(answer.Detail, Does.Contain(": grant "), answer.Detail);
            string grant = answer.Detail[(answer.Detail.IndexOf(": grant", StringComparison.Ordinal) + 2)..];
            Assert.That(granted, Does.Not.Contain(grant));
            granted.Add(grant);
            await _database.ExecuteAsync(grant);
        }

        Assert.That((answer.Status, granted.Count), Is.EqualTo((200, 5)), string.Join('\n', granted));
        Assert.That((await api.PostStatusAsync(1, """{"o_orderstatus":"F"}""")).Status, Is.EqualTo(200));
    }

    [Test]
    public async Task The_log_names_a_revoked_grant_after_a_request_fails_for_it()
    {
        string role = await _database.CreateServingRoleAsync("select");
        string schema = _database.StatusChanges.OverlaySchema;
        await _database.ExecuteAsync($"grant usage on schema {schema} to {_database.Schema}_role; grant select, update (o_orderstatus) on {schema}.orders_synced to {_database.Schema}_role");
        using ApiProcess process = ApiProcess.Start("Production", ["--urls=http://127.0.0.1:0", $"--ConnectionStrings:Orders={role}", .. _database.Settings]);
        using var client = new HttpClient { BaseAddress = await process.ListeningAsync() };
        await _database.ExecuteAsync($"revoke select on {_database.Table} from {_database.Schema}_role");
        using HttpResponseMessage answer = await client.GetAsync(new Uri("/api/v1/orders/1", UriKind.Relative));
        Assert.That((int)answer.StatusCode, Is.EqualTo(503));
        await process.LineAsync("The right to read the synced table is missing. Run: grant select on");
    }

    [Test]
    public async Task The_status_names_all_missing_grants_at_once()
    {
        await using Infrastructure.Postgres.ServerDataSource dataSource = OrdersDataSource.Create(await _database.CreateRoleAsync());
        var overlay = new StatusOverlay(TestDatabase.ConnectionsTo(dataSource), _database.StatusChanges, new OverlayCatalog(_database.StatusChanges));
        Assert.That((await overlay.DescribeAsync(CancellationToken.None)).Missing, Has.Count.EqualTo(5));
    }

    [Test]
    public async Task Readiness_names_an_overlay_that_is_not_installed()
    {
        await using TestDatabase bare = await TestDatabase.CreateEmptyAsync(StatusChangeMode.Overlay);
        await using RunningApi api = await RunningApi.StartAsync(bare.ConnectionString, bare.Settings);
        Assert.That((await api.GetAsync("/health/ready")).Detail, Does.Contain("overlay install").And.Not.Contain(bare.Schema));
        Assert.That((await api.GetAsOperatorAsync("/health/ready")).Detail, Does.Contain("overlay install").And.Contain(bare.StatusChanges.OverlaySchema));
    }

    [Test]
    public async Task Readiness_names_a_synced_table_that_is_not_online_yet()
    {
        await using RunningApi api = await RunningApi.StartAsync(_database.ConnectionString, _database.Settings);
        await _database.ExecuteAsync($"drop table {_database.Table}");
        Assert.That((await api.GetAsync("/health/ready")).Detail, Does.Contain("not online yet").And.Not.Contain(_database.Schema));
        Assert.That((await api.GetAsOperatorAsync("/health/ready")).Detail, Does.Contain("not online yet").And.Contain(_database.Schema));
        await _database.CreateTableAsync();
        Assert.That((await api.GetAsync("/health/ready")).Status, Is.EqualTo(200));
    }
}
