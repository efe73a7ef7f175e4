using Orders.Tests.Lakebase.Support;
using Orders.Tests.Support;

namespace Orders.Tests.Lakebase.Connecting;

/// <summary>What is missing is said in the log as well, whenever that shows.</summary>
internal sealed class LostRightTests
{
    private const string Grant = "grant select on public.orders_synced to";

    private LakebaseStandIn _lakebase = null!;

    [SetUp]
    public async Task SetUpAsync() => _lakebase = await LakebaseStandIn.StartAsync(TimeProvider.System);

    [TearDown]
    public async Task TearDownAsync() => await _lakebase.DisposeAsync();

    [Test]
    public async Task A_right_that_is_lost_while_the_service_runs_is_named_when_requests_meet_it_and_once_for_many()
    {
        using ApiProcess process = ApiProcess.Start("Production", ["--urls=http://127.0.0.1:0", .. _lakebase.Settings()]);
        using var client = new HttpClient { BaseAddress = await process.ListeningAsync() };
        Assert.That(await StatusAsync(client), Is.EqualTo(200));
        await _lakebase.ExecuteAsync($"revoke select on orders_synced from \"{_lakebase.Role}\"");
        for (int i = 0; i < 10; i++)
        {
            Assert.That(await StatusAsync(client), Is.EqualTo(503));
        }

        await process.LineAsync(Grant);
        process.Terminate();
        Assert.That(await process.EndAsync(), Is.Zero, process.Errors);
        Assert.That(process.Output.Split(Grant), Has.Length.EqualTo(2));
    }

    private static async Task<int> StatusAsync(HttpClient client)
    {
        using HttpResponseMessage answer = await client.GetAsync(new Uri("/api/v1/orders/1", UriKind.Relative));
        return (int)answer.StatusCode;
    }
}
