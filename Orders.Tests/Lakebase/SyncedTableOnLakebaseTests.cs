using Orders.Tests.Lakebase.Support;
using Orders.Tests.Support;

namespace Orders.Tests.Lakebase;

/// <summary>On Lakebase a status change goes beside the synced table unless it is said otherwise.</summary>
internal sealed class SyncedTableOnLakebaseTests
{
    /// <summary>As if nothing had been set.</summary>
    private const string Default = "--Orders:StatusChanges=";

    private LakebaseStandIn _lakebase = null!;

    [SetUp]
    public async Task SetUpAsync()
    {
        _lakebase = await LakebaseStandIn.StartAsync(TimeProvider.System);
        await _lakebase.ExecuteAsync(
            $"revoke update on orders_synced from \"{_lakebase.Role}\"; create schema orders_overlay; grant usage, create on schema orders_overlay to \"{_lakebase.Role}\"");
    }

    [TearDown]
    public async Task TearDownAsync() => await _lakebase.DisposeAsync();

    [Test]
    public async Task Readiness_asks_for_the_overlay_and_with_it_the_right_to_read_is_enough()
    {
        await using (RunningApi bare = await StartAsync())
        {
            Assert.That((await bare.GetAsync("/health/ready")).Detail, Does.Contain("overlay install"));
        }

        await InstallAsync();
        await using RunningApi api = await StartAsync();
        Assert.That((await api.GetAsync("/health/ready")).Status, Is.EqualTo(200));
        Assert.That((await api.PostStatusAsync(1, """{"o_orderstatus":"F"}""")).Status, Is.EqualTo(200));
        Assert.That((await api.GetAsync("/api/v1/orders/1")).Json.GetProperty("o_orderstatus").GetString(), Is.EqualTo("F"));
        Assert.That(await _lakebase.ScalarAsync<string>("select o_orderstatus from public.orders_synced where o_orderkey = 1"), Is.EqualTo("O"));
    }

    [Test]
    public async Task A_synced_table_that_is_dropped_and_made_anew_is_told_by_its_state_and_keeps_every_change()
    {
        await InstallAsync();
        await using RunningApi api = await StartAsync("--Lakebase:SyncedTable=main.public.orders_synced");
        await api.PostStatusAsync(1, """{"o_orderstatus":"F"}""");
        await _lakebase.ExecuteAsync("create table kept as table orders_synced; drop table orders_synced");
        _lakebase.Workspace.TableState = "SYNCED_TABLE_PROVISIONING_INITIAL_SNAPSHOT";
        LakebaseStandIn.AssertUnavailable(await api.GetAsync("/api/v1/orders/1"), "synced table");
        LakebaseStandIn.AssertUnavailable(await api.PostStatusAsync(1, """{"o_orderstatus":"P"}"""), "synced table");
        Assert.That((await api.GetAsync("/health/ready")).Detail, Does.Contain("not online yet (SYNCED_TABLE_PROVISIONING_INITIAL_SNAPSHOT)"));
        _lakebase.Workspace.TableState = "SYNCED_TABLE_ONLINE_NO_PENDING_UPDATE";
        Assert.That((await api.GetAsync("/health/ready")).Detail, Does.Contain("set Orders:SyncedTable"));

        await _lakebase.ExecuteAsync($"create table orders_synced (like kept including all); insert into orders_synced select * from kept; grant select on orders_synced to \"{_lakebase.Role}\"");
        Assert.That((await api.GetAsync("/health/ready")).Status, Is.EqualTo(200));
        Assert.That((await api.GetAsync("/api/v1/orders/1")).Json.GetProperty("o_orderstatus").GetString(), Is.EqualTo("F"));
    }

    [Test]
    public async Task The_synced_table_is_where_the_catalog_has_it()
    {
        await _lakebase.ExecuteAsync($"create schema sales; alter table orders_synced set schema sales; alter table sales.orders_synced rename to orders; grant usage on schema sales to \"{_lakebase.Role}\"");
        await InstallAsync("--Lakebase:SyncedTable=main.sales.orders");
        await using RunningApi api = await StartAsync("--Lakebase:SyncedTable=main.sales.orders");
        Assert.That((await api.GetAsync("/health/ready")).Status, Is.EqualTo(200));
        Assert.That((await api.GetAsync("/api/v1/orders/2")).Status, Is.EqualTo(200));
    }

    private Task<RunningApi> StartAsync(params string[] settings) => RunningApi.StartAsync(TimeProvider.System, _lakebase.Settings("", [Default, .. settings]));

    private async Task InstallAsync(params string[] settings)
    {
        using ApiProcess process = ApiProcess.Start("Production", ["overlay", "install", "--yes", .. _lakebase.Settings("", [Default, .. settings])]);
        Assert.That(await process.EndAsync(), Is.Zero, process.Errors);
        Assert.That(process.Errors, Does.Not.Contain("not installed"));
    }
}
