using Npgsql;
using Orders.Tests.Support;

namespace Orders.Tests.Servers;

/// <summary>Each operation with its reads on a standby, at the servers themselves and behind a PgBouncer of each.</summary>
[TestFixture("Balanced", false)]
[TestFixture("PreferStandby", true)]
internal sealed class StandbyOperationTests(string reads, bool isPooled) : EveryOperationTests
{
    private const int OrderCount = 1500;

    private readonly List<PgBouncer> _bouncers = [];
    private ServerPair _pair = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        Keys = [.. Enumerable.Range(1, OrderCount).Select(key => (long)key)];
        _pair = await ServerPair.StartAsync(OrderCount);
        string connection = isPooled ? await PoolAsync() : _pair.ConnectionString();
        Api = await RunningApi.StartAsync(connection, $"--Orders:Reads={reads}", ExactCount);
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        await Api.DisposeAsync();
        foreach (PgBouncer bouncer in _bouncers)
        {
            await bouncer.DisposeAsync();
        }

        await _pair.DisposeAsync();
    }

    [Test]
    public async Task The_standby_answers_reads()
    {
        // With the change of another client, which only a standby that replays no more does not show.
        await _pair.CatchUpAsync();
        await _pair.Second.PauseReplayAsync();
        try
        {
            await _pair.First.ChangeAsync(1400, "F");
            using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20));
            while ((await Api.GetAsync("/api/v1/orders/1400")).Json.GetProperty("o_orderstatus").GetString() != "O")
            {
                Assert.That(deadline.IsCancellationRequested, Is.False, "No read was answered by the standby.");
            }
        }
        finally
        {
            await _pair.Second.ResumeReplayAsync();
            await _pair.First.ChangeAsync(1400, "O");
        }
    }

    /// <summary>A list of two hosts, with a port each.</summary>
    private async Task<string> PoolAsync()
    {
        foreach (PairServer server in new[] { _pair.Second, _pair.First })
        {
            _bouncers.Add(await PgBouncer.StartAsync(server.ConnectionString, PgBouncer.PoolMode.Transaction));
        }

        NpgsqlConnectionStringBuilder[] pooled = [.. _bouncers.Select(bouncer => new NpgsqlConnectionStringBuilder(bouncer.ConnectionString))];
        pooled[0].Host = string.Join(',', pooled.Select(one => FormattableString.Invariant($"{one.Host}:{one.Port}")));
        pooled[0].Remove("Port");
        return pooled[0].ConnectionString;
    }
}
