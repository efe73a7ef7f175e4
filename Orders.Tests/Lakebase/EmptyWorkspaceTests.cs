using Orders.Tests.Lakebase.Support;
using Orders.Tests.Support;

namespace Orders.Tests.Lakebase;

/// <summary>From an empty workspace to a service that answers, without a restart.</summary>
internal sealed class EmptyWorkspaceTests
{
    private const string Key = "a-key-of-more-than-thirty-two-characters";

    private SteppedTime _time = null!;
    private LakebaseStandIn _lakebase = null!;
    private RunningApi _api = null!;

    [SetUp]
    public async Task SetUpAsync()
    {
        _time = new SteppedTime();
        _lakebase = await LakebaseStandIn.StartAsync(_time);
        _lakebase.Workspace.Resources = new StandInResources(_time);
        _api = await RunningApi.StartAsync(_time, _lakebase.Settings(
            "", $"--Lakebase:ResourcesKey={Key}", $"--Lakebase:SyncedTable={ResourcesRun.Table}", "--Lakebase:StorageCatalog=main", "--Lakebase:StorageSchema=default"));
    }

    [TearDown]
    public async Task TearDownAsync()
    {
        await _api.DisposeAsync();
        await _lakebase.DisposeAsync();
    }

    [Test]
    public async Task A_service_that_has_started_before_its_server_was_made_finds_it()
    {
        LakebaseStandIn.AssertUnavailable(await _api.GetAsync("/api/v1/orders/1"), "The database's address is not known");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/resources/create-lakebase-resources?create_resources=true");
        request.Headers.Authorization = new("Bearer", Key);
        Assert.That((await _api.SendAsync(request)).Status, Is.EqualTo(202));
        Task<RunningApi.Answer> found = UntilFoundAsync();
        await _time.PassAsync(found, TimeSpan.FromSeconds(31));
        Assert.That((await found).Json.GetProperty("o_orderkey").GetInt64(), Is.EqualTo(1));
    }

    private async Task<RunningApi.Answer> UntilFoundAsync()
    {
        while (true)
        {
            RunningApi.Answer answer = await _api.GetAsync("/api/v1/orders/1");
            if (answer.Status == 200)
            {
                return answer;
            }
        }
    }
}
