using System.Diagnostics;
using Orders.Tests.Support;

namespace Orders.Tests.Servers;

/// <summary>The primary goes, the standby is promoted, and the old primary comes back as its standby.</summary>
internal sealed class FailoverTests
{
    private const string Change = """{"o_orderstatus":"F"}""";

    /// <summary>How soon is measured by the benchmark; on a busy machine it takes longer.</summary>
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    private ServerPair _pair = null!;

    [SetUp]
    public async Task StartAsync() => _pair = await ServerPair.StartAsync();

    [TearDown]
    public async Task StopAsync() => await _pair.DisposeAsync();

    [TestCase("Primary", "", 503)]
    [TestCase("Primary", ";Target Session Attributes=primary", 503)]
    [TestCase("PreferStandby", "", 200)]
    [TestCase("Balanced", ";Target Session Attributes=read-write", 200)]
    public async Task Reads_go_on_without_a_primary_and_changes_when_there_is_one(string reads, string keyword, int readiness)
    {
        await using RunningApi api = await RunningApi.StartAsync(_pair.ConnectionString() + keyword, $"--Orders:Reads={reads}");
        RunningApi.Answer before = await api.PostStatusAsync(1, Change);
        string token = before.Headers["Consistency-Token"];
        await _pair.CatchUpAsync();

        await _pair.First.CrashAsync();
        RunningApi.Answer[] read = await Task.WhenAll(Enumerable.Range(1, ServerPair.Orders).Select(key => api.GetAsync($"/api/v1/orders/{key}")));
        Assert.That(read.Select(answer => answer.Status), Is.All.EqualTo(200), string.Join('\n', read.Select(answer => answer.Body)));
        Assert.That(read[0].Json.GetProperty("o_orderstatus").GetString(), Is.EqualTo("F"));
        RunningApi.Answer refused = await api.PostStatusAsync(2, Change);
        Assert.That((refused.Status, refused.Code, refused.Headers.ContainsKey("Retry-After")), Is.EqualTo((503, "database_unavailable", true)), refused.Body);
        Assert.That((await api.GetAsync("/health/ready")).Status, Is.EqualTo(readiness));

        await _pair.Second.PromoteAsync();
        var back = Stopwatch.StartNew();
        while ((await api.PostStatusAsync(2, Change)).Status != 200)
        {
            Assert.That(back.Elapsed, Is.LessThan(Soon));
        }

        RunningApi.Answer withToken = await api.GetAsync("/api/v1/orders/1", ("Consistency-Token", token));
        Assert.That((withToken.Status, withToken.Json.GetProperty("o_orderstatus").GetString()), Is.EqualTo((200, "F")));
        Assert.That((await api.GetAsync("/health/ready")).Status, Is.EqualTo(200));
    }

    [Test]
    public async Task A_change_for_a_primary_that_has_become_a_standby_unnoticed_is_made_by_the_new_one()
    {
        await using RunningApi api = await RunningApi.StartAsync($"{_pair.ConnectionString()};Host Recheck Seconds=3600");
        Assert.That((await api.PostStatusAsync(1, Change)).Status, Is.EqualTo(200));
        await _pair.CatchUpAsync();
        await _pair.First.CrashAsync();
        await _pair.Second.PromoteAsync();
        await _pair.First.FollowAsync(_pair.Second);
        Assert.That((await api.PostStatusAsync(2, Change)).Status, Is.EqualTo(200));
        Assert.That(await _pair.Second.ScalarAsync<string>("select o_orderstatus from orders_synced where o_orderkey = 2"), Is.EqualTo("F"));
    }

    [Test]
    public async Task An_old_primary_that_comes_back_as_a_standby_is_read_from_and_takes_no_changes()
    {
        await using RunningApi api = await RunningApi.StartAsync(_pair.ConnectionString(), "--Orders:Reads=PreferStandby");
        Assert.That((await api.PostStatusAsync(1, Change)).Status, Is.EqualTo(200));
        await _pair.CatchUpAsync();
        await _pair.First.CrashAsync();
        await _pair.Second.PromoteAsync();
        await _pair.First.FollowAsync(_pair.Second);
        Assert.That((await api.PostStatusAsync(2, Change)).Status, Is.EqualTo(200));
        Assert.That(await _pair.Second.ScalarAsync<string>("select o_orderstatus from orders_synced where o_orderkey = 2"), Is.EqualTo("F"));

        // Only the old primary can have answered what the new one no longer has.
        while (!await _pair.First.ScalarAsync<bool>("select o_orderstatus = 'F' from orders_synced where o_orderkey = 2"))
        {
            await Task.Yield();
        }

        await _pair.First.PauseReplayAsync();
        await _pair.Second.ChangeAsync(3, "P");
        var seen = Stopwatch.StartNew();
        while ((await api.GetAsync("/api/v1/orders/3")).Json.GetProperty("o_orderstatus").GetString() != "O")
        {
            Assert.That(seen.Elapsed, Is.LessThan(Soon));
        }
    }
}
