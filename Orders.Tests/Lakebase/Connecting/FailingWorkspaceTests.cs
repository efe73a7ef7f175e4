using Orders.Tests.Lakebase.Support;
using Orders.Tests.Support;

namespace Orders.Tests.Lakebase.Connecting;

/// <summary>The service while its workspace answers with errors.</summary>
internal sealed class FailingWorkspaceTests
{
    /// <summary>Each request logs in anew.</summary>
    private const string Unpooled = "Pooling=false";

    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LoginPatience = TimeSpan.FromSeconds(2);

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

    [TestCase("text/html; charset=windows-1252")]
    [TestCase("text/html; charset=no-such-charset")]
    public async Task An_error_page_of_an_odd_charset_does_not_end_the_service(string contentType)
    {
        _lakebase.Workspace.Failing = new StandInWorkspace.Failure(502, "<html><title>Bad gateway</title></html>", contentType);
        await using RunningApi api = await RunningApi.StartAsync(_time, _lakebase.Settings(Unpooled));
        LakebaseStandIn.AssertUnavailable(await api.GetAsync("/health/ready"), "502");
        _lakebase.Workspace.Failing = null;
        await _time.PassAsync(ServesAsync(api), LongestPause);

        _lakebase.Workspace.Failing = new StandInWorkspace.Failure(502, "", contentType);
        _lakebase.Revoke();
        LakebaseStandIn.AssertUnavailable(await api.GetAsync("/api/v1/orders/1"), "502");
        Assert.That((await api.GetAsync("/health/live")).Status, Is.EqualTo(200));
        _lakebase.Workspace.Failing = null;
        await _time.PassAsync(ServesAsync(api), LongestPause);
    }

    [TestCase(503)]
    [TestCase(429)]
    public async Task A_revoked_credential_is_not_blamed_on_the_role_while_the_workspace_gives_no_new_one(int status)
    {
        await using RunningApi api = await RunningApi.StartAsync(_time, _lakebase.Settings(Unpooled, "--Orders:DatabaseWait=0"));
        Assert.That((await api.GetAsync("/api/v1/orders/1")).Status, Is.EqualTo(200));
        _lakebase.Workspace.Failing = new StandInWorkspace.Failure(status, "", RetryAfter: 200);
        _lakebase.Revoke();
        foreach (string path in new[] { "/api/v1/orders/1", "/health/ready" })
        {
            Task<RunningApi.Answer> answer = api.GetAsync(path);
            await _time.PassAsync(answer, LoginPatience);
            LakebaseStandIn.AssertUnavailable(await answer, "a new one is being asked for");
            Assert.That((await answer).Detail, Does.Not.Contain("role"));
        }
    }

    private static async Task ServesAsync(RunningApi api)
    {
        while ((await api.GetAsync("/health/ready")).Status != 200)
        {
        }
    }
}
