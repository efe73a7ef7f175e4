using System.Globalization;
using Dapper;
using Npgsql;
using Orders.Tests.Lakebase.Support;
using Orders.Tests.Support;

namespace Orders.Tests.Lakebase.Connecting;

/// <summary>A server that sleeps, restarts or goes away under a statement; a link in front of it takes it away.</summary>
internal sealed class WakingServerTests
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    private SteppedTime _time = null!;
    private LakebaseStandIn _lakebase = null!;
    private DatabaseLink _link = null!;

    [SetUp]
    public async Task SetUpAsync()
    {
        _time = new SteppedTime();
        _lakebase = await LakebaseStandIn.StartAsync(_time);
        _link = new DatabaseLink(new NpgsqlConnectionStringBuilder { Host = "127.0.0.1", Port = LakebaseRun.Server.Port }.ConnectionString);
    }

    [TearDown]
    public async Task TearDownAsync()
    {
        await _link.DisposeAsync();
        await _lakebase.DisposeAsync();
    }

    [Test]
    public async Task Requests_wait_for_a_server_that_takes_eight_seconds_to_wake()
    {
        await using RunningApi api = await StartAsync();
        Task<RunningApi.Answer[]> answers = Task.WhenAll(
            api.GetAsync("/api/v1/orders/1"), api.GetAsync("/api/v1/orders/count"), api.PostStatusAsync(1, """{"o_orderstatus":"F"}"""));
        bool isAwake = false;
        await _time.PassAsync(answers, LongestPause, passed =>
        {
            if (!isAwake && passed >= TimeSpan.FromSeconds(8))
            {
                isAwake = true;
                _link.Restore();
            }
        });
        Assert.That(isAwake, Is.True);
        Assert.That((await answers).Select(answer => answer.Status), Is.All.EqualTo(200));
    }

    [Test]
    public async Task A_server_that_does_not_wake_is_given_up_after_ten_seconds()
    {
        await using RunningApi api = await StartAsync();
        DateTimeOffset begun = _time.GetUtcNow();
        Task<RunningApi.Answer> answer = api.GetAsync("/api/v1/orders/1");
        await _time.PassAsync(answer, LongestPause);
        Assert.That(_time.GetUtcNow() - begun, Is.InRange(TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(15)));
        LakebaseStandIn.AssertUnavailable(await answer);

        // By now everybody knows: the clock stands still.
        LakebaseStandIn.AssertUnavailable(await api.GetAsync("/api/v1/orders/2"));
        LakebaseStandIn.AssertUnavailable(await api.PostStatusAsync(1, """{"o_orderstatus":"F"}"""));
    }

    [Test]
    public async Task A_server_that_takes_connections_and_says_nothing_yet_is_waited_for()
    {
        _link.Restore();
        _link.Silence();

        // The driver's own limit is true time.
        await using RunningApi api = await StartAsync("Timeout=1");
        Task<RunningApi.Answer> answer = api.GetAsync("/api/v1/orders/1");
        await _time.WaitForTimerAsync(TimeSpan.FromMilliseconds(100), LongestPause);
        _link.Cut();
        _link.Restore();
        await _time.PassAsync(answer, LongestPause);
        Assert.That((await answer).Status, Is.EqualTo(200));
    }

    [Test]
    public async Task Readiness_tells_of_a_sleeping_server_without_waiting_for_it()
    {
        await using RunningApi api = await StartAsync();
        LakebaseStandIn.AssertUnavailable(await api.GetAsync("/health/ready"));
    }

    [Test]
    public async Task A_plain_PostgreSQL_is_waited_for_when_it_is_set_so()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(1);
        await using var link = new DatabaseLink(database.ConnectionString);
        await using RunningApi api = await RunningApi.StartAsync(_time, [$"--ConnectionStrings:Orders={link.ConnectionString}", "--Orders:DatabaseWait=5"]);
        Task<RunningApi.Answer> answer = api.GetAsync("/api/v1/orders/1");
        await _time.WaitForTimerAsync(TimeSpan.FromMilliseconds(100), LongestPause);
        link.Restore();
        _time.Advance(LongestPause);
        Assert.That((await answer).Status, Is.EqualTo(200));
    }

    [Test]
    public async Task Reads_pass_over_a_restart()
    {
        _link.Restore();
        await using RunningApi api = await StartAsync();
        Assert.That((await api.GetAsync("/api/v1/orders/1")).Status, Is.EqualTo(200));
        _link.Cut();
        Task<RunningApi.Answer[]> answers = Task.WhenAll(Enumerable.Range(0, 10).Select(_ => api.GetAsync("/api/v1/orders/1")));
        await _time.PassAsync(answers, LongestPause, passed =>
        {
            if (passed >= TimeSpan.FromSeconds(2) && passed < TimeSpan.FromSeconds(3))
            {
                _link.Cut();
                _link.Restore();
            }
        });
        Assert.That((await answers).Select(answer => answer.Status), Is.All.EqualTo(200));
    }

    [Test]
    public async Task A_change_whose_connection_is_cut_under_it_is_answered_as_unavailable_and_not_repeated()
    {
        await _lakebase.ExecuteAsync(
            """
            create table attempts (at timestamptz);
            create function note() returns trigger language plpgsql security definer as $$ begin insert into public.attempts values (now()); return new; end $$;
            create trigger note before update on orders_synced for each row execute function note()
            """);
        _link.Restore();
        await using RunningApi api = await StartAsync();
        Assert.That((await api.GetAsync("/api/v1/orders/1")).Status, Is.EqualTo(200));

        await using var locked = new NpgsqlConnection(LakebaseRun.Server.AdministratorConnection(_lakebase.Database));
        await locked.OpenAsync();
        await locked.ExecuteAsync("begin; lock table orders_synced in share mode");
        Task<RunningApi.Answer> change = api.PostStatusAsync(1, """{"o_orderstatus":"F"}""");
        await WaitForBlockedAsync(1);

        // It could be repeated at once: the server is there again.
        _link.Cut();
        _link.Restore();
        LakebaseStandIn.AssertUnavailable(await change);
        Assert.That(await BlockedAsync(), Is.LessThanOrEqualTo(1), "The change was sent once more.");
        await locked.ExecuteAsync("rollback");
        await WaitForBlockedAsync(0);
        string? status = await _lakebase.ScalarAsync<string>("select o_orderstatus from orders_synced where o_orderkey = 1");
        long attempts = await _lakebase.ScalarAsync<long>("select count(*) from attempts");
        Assert.That((status, attempts), Is.EqualTo(("O", 0L)).Or.EqualTo(("F", 1L)));
    }

    [Test]
    public async Task A_change_that_the_server_says_it_has_ended_is_made_once_more()
    {
        await using RunningApi api = await RunningApi.StartAsync(_time, _lakebase.Settings());
        await using var locked = new NpgsqlConnection(LakebaseRun.Server.AdministratorConnection(_lakebase.Database));
        await locked.OpenAsync();
        await locked.ExecuteAsync("begin; lock table orders_synced in share mode");
        Task<RunningApi.Answer> change = api.PostStatusAsync(1, """{"o_orderstatus":"F"}""");
        await WaitForBlockedAsync(1);
        int ended = await _lakebase.ScalarAsync<int>("select pid from pg_locks where relation = 'orders_synced'::regclass and not granted");
        await _lakebase.ExecuteAsync($"select pg_terminate_backend({ended.ToString(CultureInfo.InvariantCulture)}, 5000)");
        await locked.ExecuteAsync("rollback");
        Assert.That((await change).Status, Is.EqualTo(200));
        Assert.That(await _lakebase.ScalarAsync<string>("select o_orderstatus from orders_synced where o_orderkey = 1"), Is.EqualTo("F"));
    }

    private async Task<long> BlockedAsync() =>
        await _lakebase.ScalarAsync<long>("select count(*) from pg_locks where relation = 'orders_synced'::regclass and not granted");

    private async Task WaitForBlockedAsync(long statements)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        while (await BlockedAsync() != statements)
        {
            Assert.That(deadline.IsCancellationRequested, Is.False, "The number of waiting statements did not change in time.");
        }
    }

    private Task<RunningApi> StartAsync(string connectionOptions = "")
    {
        int port = new NpgsqlConnectionStringBuilder(_link.ConnectionString).Port;
        return RunningApi.StartAsync(_time, [.. _lakebase.Settings(connectionOptions), $"--Lakebase:Port={port.ToString(CultureInfo.InvariantCulture)}"]);
    }
}
