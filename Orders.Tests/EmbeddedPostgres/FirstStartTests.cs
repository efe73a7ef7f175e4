using System.Text.Json;
using Orders.Tests.Support;

namespace Orders.Tests.EmbeddedPostgres;

/// <summary>The program in Development without any settings, as after a clone.</summary>
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
internal sealed class FirstStartTests
{
    private TestFolder _folder = null!;

    [SetUp]
    public void SetUp() => _folder = new TestFolder();

    [TearDown]
    public void TearDown() => _folder.Dispose();

    [Test]
    public async Task The_service_serves_the_sample_data_and_stops_its_server_at_the_end()
    {
        using ApiProcess process = Start();
        using var client = new HttpClient { BaseAddress = await process.ListeningAsync() };
        Assert.That(await client.GetStringAsync(new Uri("/api/v1/orders/1", UriKind.Relative)), Is.EqualTo(
            """{"o_orderkey":1,"o_custkey":370,"o_orderstatus":"O","o_totalprice":172799.49,"o_orderdate":"1996-01-02","o_orderpriority":"5-LOW","o_clerk":"Clerk#000000951","o_shippriority":0,"o_comment":"nstructions sleep furiously among "}"""));
        Assert.That(await client.GetStringAsync(new Uri("/api/v1/orders/count", UriKind.Relative)), Is.EqualTo("""{"total_orders":15000}"""));
        Assert.That(process.Output, Does.Contain("psql -h"));

        process.Terminate();
        Assert.That((await process.EndAsync(), process.Errors.Trim()), Is.EqualTo((0, "")));
        Assert.That(ServerRuns(), Is.False);
    }

    [Test]
    public async Task A_killed_service_leaves_its_server_running_and_the_next_one_takes_it_over_with_every_change()
    {
        using (ApiProcess killed = Start())
        {
            using var client = new HttpClient { BaseAddress = await killed.ListeningAsync() };
            using var content = new StringContent("""{"o_orderstatus":"P"}""", System.Text.Encoding.UTF8, "application/json");
            using HttpResponseMessage changed = await client.PostAsync(new Uri("/api/v1/orders/1/status", UriKind.Relative), content);
            Assert.That(changed.IsSuccessStatusCode, Is.True);
            killed.Signal("KILL");
            await killed.EndAsync();
            Assert.That(ServerRuns(), Is.True);
        }

        using ApiProcess next = Start();
        using var again = new HttpClient { BaseAddress = await next.ListeningAsync() };
        using JsonDocument order = JsonDocument.Parse(await again.GetStringAsync(new Uri("/api/v1/orders/1", UriKind.Relative)));
        Assert.That(order.RootElement.GetProperty("o_orderstatus").GetString(), Is.EqualTo("P"));
        next.Terminate();
        Assert.That(await next.EndAsync(), Is.Zero);
        Assert.That(ServerRuns(), Is.False);
    }

    [Test]
    public async Task A_bin_directory_without_the_programs_is_reported_in_a_sentence()
    {
        using ApiProcess process = Start("--EmbeddedPostgres:BinDirectory=/nowhere");
        Assert.That(await process.EndAsync(), Is.EqualTo(1));
        Assert.That(process.Errors, Does.Contain("EmbeddedPostgres:BinDirectory").And.Not.Contain("   at "));
    }

    [Test]
    public async Task Seed_fills_the_private_server_at_the_requested_scale_factor()
    {
        using ApiProcess seed = ApiProcess.Start("Development", "seed", "--scale-factor", "0.002", $"--EmbeddedPostgres:DataDirectory={_folder.Data}");
        Assert.That(await seed.EndAsync(), Is.Zero, seed.Errors);
        Assert.That(ServerRuns(), Is.False);
        using ApiProcess process = Start();
        using var client = new HttpClient { BaseAddress = await process.ListeningAsync() };
        Assert.That(await client.GetStringAsync(new Uri("/api/v1/orders/count", UriKind.Relative)), Is.EqualTo("""{"total_orders":3000}"""));
        process.Terminate();
        await process.EndAsync();
    }

    private ApiProcess Start(params string[] arguments) =>
        ApiProcess.Start("Development", ["--urls=http://127.0.0.1:0", $"--EmbeddedPostgres:DataDirectory={_folder.Data}", .. arguments]);

    private bool ServerRuns() => File.Exists(Path.Combine(PrivateServerTests.FolderAt(_folder.Data).Data, "postmaster.pid"));
}
