using System.Globalization;
using Orders.Tests.Lakebase.Support;
using Orders.Tests.Support;

namespace Orders.Tests.Lakebase.Connecting;

/// <summary>The service on a stand-in for Lakebase: a server with TLS whose password a stand-in for the workspace issues for an hour.</summary>
internal sealed class LakebaseConnectionTests
{
    /// <summary>Each request logs in anew.</summary>
    private const string Unpooled = "Pooling=false";

    private static readonly TimeSpan Renewal = TimeSpan.FromMinutes(20);

    private SteppedTime _time = null!;
    private LakebaseStandIn _lakebase = null!;

    [SetUp]
    public async Task SetUpAsync()
    {
        _time = new SteppedTime();
        _lakebase = await LakebaseStandIn.StartAsync(_time);
    }

    [TearDown]
    public async Task TearDownAsync() => await _lakebase.DisposeAsync();

    [Test]
    public async Task Orders_are_read_and_changed_on_Provisioned()
    {
        await using RunningApi api = await RunningApi.StartAsync(_time, _lakebase.Settings());
        await AssertServesAsync(api);
        Assert.That(_lakebase.Workspace.Calls, Does.Contain($"GET /api/2.0/database/instances/{StandInWorkspace.Instance}").And.Contain("POST /api/2.0/database/credentials"));
    }

    [Test]
    public async Task Orders_are_read_and_changed_on_Autoscaling()
    {
        await using RunningApi api = await RunningApi.StartAsync(
            _time, [.. _lakebase.Settings(), "--Lakebase:InstanceName=", $"--Lakebase:Endpoint={StandInWorkspace.Endpoint}"]);
        await AssertServesAsync(api);
        Assert.That(_lakebase.Workspace.Calls, Does.Contain($"GET /api/2.0/postgres/{StandInWorkspace.Endpoint}").And.Contain("POST /api/2.0/postgres/credentials"));
    }

    [Test]
    public async Task A_personal_token_connects_as_the_person()
    {
        await using RunningApi api = await RunningApi.StartAsync(
            _time, [.. _lakebase.Settings(), "--Lakebase:ClientId=", "--Lakebase:ClientSecret=", $"--Lakebase:Token={StandInWorkspace.PersonalToken}"]);
        await AssertServesAsync(api);
        Assert.That(_lakebase.Workspace.Calls, Does.Contain("GET /api/2.0/preview/scim/v2/Me").And.Not.Contain("POST /oidc/v1/token"));
    }

    [Test]
    public async Task A_day_of_renewals_under_load_passes_without_a_failed_request()
    {
        await using RunningApi api = await RunningApi.StartAsync(_time, _lakebase.Settings(Unpooled));
        using var end = new CancellationTokenSource();
        Task<RunningApi.Answer[]>[] load = [.. Enumerable.Range(1, 3).Select(key => Task.Run(() => LoadAsync(api, key, end.Token)))];
        for (TimeSpan passed = TimeSpan.Zero; passed < TimeSpan.FromDays(1); passed += Renewal)
        {
            await _time.WaitForTimerAsync(Renewal);
            Assert.That((await api.GetAsync("/api/v1/orders/1")).Status, Is.EqualTo(200));
            _time.Advance(Renewal);
        }

        await end.CancelAsync();
        RunningApi.Answer[] answers = [.. (await Task.WhenAll(load)).SelectMany(answers => answers)];
        Assert.That(answers.Where(answer => answer.Status != 200).Select(answer => answer.Body), Is.Empty);
        Assert.That(answers, Has.Length.GreaterThan(72));
        Assert.That(_lakebase.Workspace.Credentials, Is.InRange(72, 74));
    }

    [Test]
    public async Task Half_an_hour_without_renewals_goes_unnoticed()
    {
        await using RunningApi api = await RunningApi.StartAsync(_time, _lakebase.Settings(Unpooled));
        await _time.WaitForTimerAsync(Renewal);
        _lakebase.Workspace.Failing = new StandInWorkspace.Failure(500, "<html><title>Maintenance</title></html>", "text/html");
        _time.Advance(Renewal);
        DateTimeOffset back = _time.GetUtcNow() + TimeSpan.FromMinutes(30);
        while (_time.GetUtcNow() < back)
        {
            TimeSpan pause = await _time.WaitForTimerAsync(TimeSpan.FromSeconds(0.7), TimeSpan.FromSeconds(30));
            Assert.That((await api.GetAsync("/api/v1/orders/1")).Status, Is.EqualTo(200));
            _time.Advance(pause);
        }

        _lakebase.Workspace.Failing = null;
        await _time.PassUntilTimerAsync(Renewal, TimeSpan.FromSeconds(30));
        for (int i = 0; i < 3; i++)
        {
            _time.Advance(Renewal);
            await _time.WaitForTimerAsync(Renewal);
            Assert.That((await api.GetAsync("/api/v1/orders/1")).Status, Is.EqualTo(200));
        }
    }

    [Test]
    public async Task A_credential_that_ends_while_there_is_no_other_is_said_to_and_replaced_when_there_is()
    {
        await using RunningApi api = await RunningApi.StartAsync(_time, _lakebase.Settings(Unpooled, "--Orders:DatabaseWait=0"));
        await _time.WaitForTimerAsync(Renewal);
        _lakebase.Workspace.Failing = new StandInWorkspace.Failure(403, """{"error_code":"PERMISSION_DENIED","message":"secret.host.example says no"}""");
        _time.Advance(TimeSpan.FromMinutes(61));
        await _time.WaitForTimerAsync(TimeSpan.FromSeconds(0.7), TimeSpan.FromSeconds(30));
        LakebaseStandIn.AssertUnavailable(await api.GetAsync("/api/v1/orders/1"), "PERMISSION_DENIED");
        LakebaseStandIn.AssertUnavailable(await api.GetAsync("/health/ready"), "CAN USE on the database project or instance");

        _lakebase.Workspace.Failing = null;
        await _time.PassUntilTimerAsync(Renewal, TimeSpan.FromSeconds(30));
        Assert.That((await api.GetAsync("/api/v1/orders/1")).Status, Is.EqualTo(200));
    }

    [Test]
    public async Task A_revoked_credential_is_replaced_at_the_first_login_that_is_refused()
    {
        await using RunningApi api = await RunningApi.StartAsync(_time, _lakebase.Settings(Unpooled));
        Assert.That((await api.GetAsync("/api/v1/orders/1")).Status, Is.EqualTo(200));
        _lakebase.Revoke();
        RunningApi.Answer[] answers = await Task.WhenAll(
            Enumerable.Range(0, 10).Select(i => i % 2 == 0 ? api.GetAsync("/api/v1/orders/1") : api.PostStatusAsync(1, """{"o_orderstatus":"F"}""")));
        Assert.That(answers.Select(answer => answer.Status), Is.All.EqualTo(200));
        Assert.That(_lakebase.Workspace.Credentials, Is.EqualTo(2));
    }

    [TestCase(-3)]
    [TestCase(3)]
    public async Task A_clock_that_is_wrong_by_hours_changes_nothing(int hours)
    {
        _lakebase.Workspace.ClockLead = TimeSpan.FromHours(hours);
        await using RunningApi api = await RunningApi.StartAsync(_time, _lakebase.Settings(Unpooled));
        for (int i = 0; i < 5; i++)
        {
            await _time.WaitForTimerAsync(Renewal);
            Assert.That((await api.GetAsync("/api/v1/orders/1")).Status, Is.EqualTo(200));
            _time.Advance(Renewal);
        }
    }

    [Test]
    public async Task An_end_that_can_not_be_read_has_the_credential_renewed_more_often()
    {
        _lakebase.Workspace.Expiry = "in a while";
        await using RunningApi api = await RunningApi.StartAsync(_time, _lakebase.Settings(Unpooled));
        await _time.WaitForTimerAsync(TimeSpan.FromMinutes(10) / 3);
        Assert.That((await api.GetAsync("/api/v1/orders/1")).Status, Is.EqualTo(200));
    }

    [Test]
    public async Task A_workspace_that_is_away_at_the_start_is_said_to_be_and_used_when_it_is_back()
    {
        _lakebase.Workspace.Failing = new StandInWorkspace.Failure(503, "");
        Task<RunningApi> starting = RunningApi.StartAsync(_time, _lakebase.Settings());
        await _time.PassAsync(starting, TimeSpan.FromSeconds(15));
        await using RunningApi api = await starting;
        LakebaseStandIn.AssertUnavailable(await api.GetAsync("/api/v1/orders/1"), "the workspace did not answer in time");
        LakebaseStandIn.AssertUnavailable(await api.GetAsync("/health/ready"), "the workspace");
        Assert.That((await api.GetAsync("/health/live")).Status, Is.EqualTo(200));

        _lakebase.Workspace.Failing = null;
        await _time.PassAsync(ServesAsync(api), TimeSpan.FromSeconds(30));
    }

    [Test]
    public async Task A_server_that_the_workspace_does_not_know_is_said_to_be_unknown()
    {
        await using RunningApi api = await RunningApi.StartAsync(_time, [.. _lakebase.Settings(), "--Lakebase:InstanceName=another"]);
        LakebaseStandIn.AssertUnavailable(await api.GetAsync("/health/ready"), "no database server of that name");
    }

    private static async Task<RunningApi.Answer[]> LoadAsync(RunningApi api, int key, CancellationToken end)
    {
        List<RunningApi.Answer> answers = [];
        while (!end.IsCancellationRequested)
        {
            answers.Add(await api.GetAsync(string.Create(CultureInfo.InvariantCulture, $"/api/v1/orders/{key}")));
            answers.Add(await api.PostStatusAsync(key, """{"o_orderstatus":"P"}"""));
        }

        return [.. answers];
    }

    private static async Task ServesAsync(RunningApi api)
    {
        while ((await api.GetAsync("/health/ready")).Status != 200)
        {
        }
    }

    private static async Task AssertServesAsync(RunningApi api)
    {
        RunningApi.Answer ready = await api.GetAsync("/health/ready");
        Assert.That(ready.Status, Is.EqualTo(200), ready.Body);
        Assert.That((await api.PostStatusAsync(2, """{"o_orderstatus":"F"}""")).Status, Is.EqualTo(200));
        Assert.That((await api.GetAsync("/api/v1/orders/2")).Body, Does.Contain("\"o_orderstatus\":\"F\""));
    }
}
