using System.Diagnostics;
using System.Globalization;
using Npgsql;
using Orders.Tests.Lakebase.Support;
using Orders.Tests.Support;

namespace Orders.Tests.Lakebase.Connecting;

/// <summary>A server that sleeps behind a proxy, which takes connections and says nothing, by Lakebase's own limits in true time.</summary>
internal sealed class SilentLakebaseTests
{
    [Test]
    public async Task It_is_unavailable_with_the_defaults_and_with_the_recipes_ten_seconds_for_a_connection()
    {
        await using LakebaseStandIn lakebase = await LakebaseStandIn.StartAsync(TimeProvider.System);
        await using var link = new DatabaseLink(new NpgsqlConnectionStringBuilder { Host = "127.0.0.1", Port = LakebaseRun.Server.Port }.ConnectionString);
        link.Restore();
        link.Silence();
        string port = $"--Lakebase:Port={new NpgsqlConnectionStringBuilder(link.ConnectionString).Port.ToString(CultureInfo.InvariantCulture)}";
        await using RunningApi api = await RunningApi.StartAsync(TimeProvider.System, lakebase.Settings("", port));
        await using RunningApi recipes = await RunningApi.StartAsync(TimeProvider.System, lakebase.Settings("", port, "--DB_POOL_TIMEOUT=10"));
        var elapsed = Stopwatch.StartNew();
        RunningApi.Answer[] answers = await Task.WhenAll(api.GetAsync("/api/v1/orders/1"), recipes.GetAsync("/api/v1/orders/1"));
        Assert.That(elapsed.Elapsed, Is.LessThan(TimeSpan.FromSeconds(13)));
        LakebaseStandIn.AssertUnavailable(answers[0], "did not answer");
        LakebaseStandIn.AssertUnavailable(answers[1], "did not answer");
    }
}
