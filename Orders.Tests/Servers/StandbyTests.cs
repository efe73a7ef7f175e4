using System.Text;
using Npgsql;
using Orders.Infrastructure.Postgres;
using Orders.Tests.Support;

namespace Orders.Tests.Servers;

/// <summary>A primary and a standby over one connection string: who answers what, and what a read shows.</summary>
internal sealed class StandbyTests
{
    private const string Header = "Consistency-Token";

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    private ServerPair _pair = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => _pair = await ServerPair.StartAsync();

    [OneTimeTearDown]
    public async Task StopAsync() => await _pair.DisposeAsync();

    [TearDown]
    public async Task CatchUpAsync()
    {
        await _pair.Second.ResumeReplayAsync();
        await _pair.First.ExecuteAsync("update orders_synced set o_orderstatus = 'O'");
        await _pair.CatchUpAsync();
    }

    [TestCase(true, "O")]
    [TestCase(false, "O")]
    [TestCase(true, "F", "--Orders:Reads=Primary")]
    [TestCase(false, "F", "--Orders:Reads=Primary")]
    public async Task Changes_go_to_the_primary_and_reads_where_they_are_set_to_in_any_order(bool isPrimaryInFront, string read, string reads = "--Orders:Reads=PreferStandby")
    {
        await using RunningApi api = await RunningApi.StartAsync(_pair.ConnectionString(isPrimaryInFront), reads);
        Assert.That((await api.PostStatusAsync(1, """{"o_orderstatus":"P"}""")).Status, Is.EqualTo(200));
        Assert.That(await _pair.First.ScalarAsync<string>("select o_orderstatus from orders_synced where o_orderkey = 1"), Is.EqualTo("P"));
        await CatchUpPausedAsync();
        await _pair.First.ChangeAsync(2, "F");
        await ReadsAsync(api, 2, read);
        Assert.That((await api.GetAsync("/health/ready")).Status, Is.EqualTo(200));
    }

    [Test]
    public async Task Balanced_reads_are_answered_by_both_in_turn()
    {
        await using RunningApi api = await RunningApi.StartAsync(_pair.ConnectionString(), "--Orders:Reads=Balanced");
        await CatchUpPausedAsync();
        await _pair.First.ChangeAsync(2, "F");
        await ReadsAsync(api, 2, "O");
        HashSet<string> read = [];
        for (int count = 0; count < 10; count++)
        {
            read.Add(await StatusAsync(api, 2));
        }

        Assert.That(read, Is.EquivalentTo((string[])["O", "F"]));
    }

    [Test]
    public async Task An_instance_shows_its_own_changes_whatever_the_standby_has_replayed()
    {
        await using RunningApi api = await RunningApi.StartAsync(_pair.ConnectionString(), "--Orders:Reads=PreferStandby");
        await _pair.Second.PauseReplayAsync();
        RunningApi.Answer[] changed = await Task.WhenAll(Enumerable.Range(1, ServerPair.Orders).Select(key => api.PostStatusAsync(key, """{"o_orderstatus":"F"}""")));
        Assert.That(changed.Select(answer => (answer.Status, answer.Headers.ContainsKey(Header))), Is.All.EqualTo((200, true)));
        Assert.That(await StatusAsync(api, 1), Is.EqualTo("F"));
        RunningApi.Answer slice = await api.GetAsync("/api/v1/orders/stream");
        Assert.That(slice.Json.GetProperty("orders").EnumerateArray().Select(order => order.GetProperty("o_orderstatus").GetString()), Is.All.EqualTo("F"));
    }

    [Test]
    public async Task A_token_shows_the_change_of_another_instance()
    {
        await using RunningApi writer = await RunningApi.StartAsync(_pair.ConnectionString());
        await using RunningApi reader = await RunningApi.StartAsync(_pair.ConnectionString(), "--Orders:Reads=PreferStandby");
        await _pair.Second.PauseReplayAsync();
        string token = (await writer.PostStatusAsync(1, """{"o_orderstatus":"F"}""")).Headers[Header];
        await ReadsAsync(reader, 1, "O");
        Assert.That(await StatusAsync(reader, 1, token), Is.EqualTo("F"));

        // Requests at the same time share a statement, which shows what any of them has to be shown.
        Task<string>[] together = [.. Enumerable.Range(0, 50).Select(i => StatusAsync(reader, 1, i % 2 == 0 ? token : null))];
        string[] read = await Task.WhenAll(together);
        Assert.That(read.Where((_, index) => index % 2 == 0), Is.All.EqualTo("F"));
    }

    [Test]
    public async Task Every_kind_of_change_is_answered_with_a_token()
    {
        await using RunningApi api = await RunningApi.StartAsync(_pair.ConnectionString());
        (string Path, string Body, string? Header, string? Value)[] changes =
        [
            ("1/status", """{"o_orderstatus":"F"}""", null, null),
            ("2/status", """{"o_orderstatus":"F"}""", "Prefer", "return=minimal"),
            ("3/status", """{"o_orderstatus":"F"}""", "If-Match", "*"),
            ("status", """{"changes":[{"o_orderkey":4,"o_orderstatus":"F"}]}""", null, null),
            ("status", """{"changes":[{"o_orderkey":5,"o_orderstatus":"F"}],"atomic":true}""", "Prefer", "return=minimal"),
        ];
        foreach ((string path, string body, string? header, string? value) in changes)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/v1/orders/{path}") { Content = new StringContent(body, Encoding.UTF8, "application/json") };
            if (header is not null)
            {
                request.Headers.TryAddWithoutValidation(header, value);
            }

            RunningApi.Answer answer = await api.SendAsync(request);
            Assert.That((answer.Status is 200 or 204, answer.Headers.ContainsKey(Header)), Is.EqualTo((true, true)), $"{path} {answer.Status} {answer.Body}");
        }
    }

    [Test]
    public async Task A_standby_that_has_replayed_the_change_answers_a_read_with_its_token()
    {
        await using RunningApi writer = await RunningApi.StartAsync(_pair.ConnectionString());
        await using RunningApi reader = await RunningApi.StartAsync(_pair.ConnectionString(), "--Orders:Reads=PreferStandby", "--ConnectionStrings:Orders=" + OneConnection());
        string token = (await writer.PostStatusAsync(1, """{"o_orderstatus":"F"}""")).Headers[Header];
        await CatchUpPausedAsync();
        await _pair.First.ChangeAsync(2, "F");

        // The first time, the session learns whose log its server replays.
        await ReadsAsync(reader, 2, "O");
        await StatusAsync(reader, 1, token);
        Assert.That((await StatusAsync(reader, 1, token), await StatusAsync(reader, 2, token)), Is.EqualTo(("F", "O")));
    }

    [TestCase("?")]
    [TestCase("AAAA")]
    [TestCase("AAAAAAAAAAAAAAABAAAAAAAAAAE")]
    [TestCase("AAAAAAAAAAAAAAABAAAAAAAAAAEAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [TestCase("future")]
    [TestCase("old")]
    public async Task A_token_that_no_standby_can_know_leads_to_the_primary(string token)
    {
        await using RunningApi reader = await RunningApi.StartAsync(_pair.ConnectionString(), "--Orders:Reads=PreferStandby");
        long system = await _pair.First.ScalarAsync<long>("select system_identifier from pg_control_system()");
        await CatchUpPausedAsync();
        await _pair.First.ChangeAsync(1, "F");
        string sent = token switch
        {
            "future" => new WalPosition((ulong)system, 1, ulong.MaxValue / 2).ToToken(),
            "old" => new WalPosition((ulong)system, 0, 1).ToToken(),
            _ => token,
        };
        Assert.That(await StatusAsync(reader, 1, sent), Is.EqualTo("F"));
    }

    [Test]
    public async Task Another_address_for_reads_is_read_from()
    {
        await using RunningApi api = await RunningApi.StartAsync(_pair.First.ConnectionString, $"--ConnectionStrings:OrdersReads={_pair.Second.ConnectionString}");
        await CatchUpPausedAsync();
        await _pair.First.ChangeAsync(2, "F");
        await ReadsAsync(api, 2, "O");
        Assert.That((await api.PostStatusAsync(2, """{"o_orderstatus":"F"}""")).Status, Is.EqualTo(200));
        Assert.That(await StatusAsync(api, 2), Is.EqualTo("F"));
    }

    [Test]
    public async Task A_single_server_answers_changes_without_a_token()
    {
        await using RunningApi api = await RunningApi.StartAsync(_pair.First.ConnectionString);
        RunningApi.Answer answer = await api.PostStatusAsync(1, """{"o_orderstatus":"F"}""");
        Assert.That((answer.Status, answer.Headers.ContainsKey(Header)), Is.EqualTo((200, false)));
        Assert.That(await StatusAsync(api, 1, "?"), Is.EqualTo("F"));
    }

    [Test]
    public async Task A_frozen_standby_is_left_for_the_primary()
    {
        await using RunningApi api = await RunningApi.StartAsync(_pair.ConnectionString(), "--Orders:Reads=PreferStandby");
        await ReadsAsync(api, 1, "O");
        await _pair.Second.SignalAsync("STOP");
        try
        {
            Assert.That(await StatusAsync(api, 1), Is.EqualTo("O"));
        }
        finally
        {
            await _pair.Second.SignalAsync("CONT");
        }
    }

    [Test]
    public async Task A_frozen_primary_holds_up_changes_alone()
    {
        await using RunningApi api = await RunningApi.StartAsync(_pair.ConnectionString(), "--Orders:Reads=PreferStandby", "--Orders:RequestTimeout=4");
        await ReadsAsync(api, 1, "O");
        await _pair.First.SignalAsync("STOP");
        try
        {
            RunningApi.Answer[] changed = await Task.WhenAll(Enumerable.Range(1, 3).Select(key => api.PostStatusAsync(key, """{"o_orderstatus":"F"}""")));
            Assert.That(changed.Select(answer => answer.Status), Is.All.EqualTo(503).Or.EqualTo(504), changed[0].Body);
            for (int key = 1; key <= ServerPair.Orders; key++)
            {
                Assert.That(await StatusAsync(api, key), Is.EqualTo("O"));
            }
        }
        finally
        {
            await _pair.First.SignalAsync("CONT");
        }

        using var deadline = new CancellationTokenSource(Deadline);
        while ((await api.PostStatusAsync(5, """{"o_orderstatus":"F"}""")).Status != 200)
        {
            Assert.That(deadline.IsCancellationRequested, Is.False, "Changes did not come back.");
        }
    }

    [Test]
    public async Task A_read_that_replay_cancels_on_the_standby_is_answered()
    {
        const string slow =
            """
            create schema slow;
            create table slow.stored as select * from public.orders_synced;
            create unique index on slow.stored (o_orderkey);
            create function slow.wait(bigint) returns boolean language plpgsql stable as 'begin perform pg_sleep(case $1 when 7 then 2 else 0 end); return true; end';
            create view slow.orders_synced as select * from slow.stored where slow.wait(o_orderkey);
            """;
        await _pair.First.ExecuteAsync(slow);
        await _pair.CatchUpAsync();
        await _pair.Second.ExecuteAsync("alter system set max_standby_streaming_delay = 0");
        await _pair.Second.ExecuteAsync("select pg_reload_conf()");
        var connection = new NpgsqlConnectionStringBuilder(_pair.ConnectionString()) { SearchPath = "slow" };
        await using RunningApi api = await RunningApi.StartAsync(connection.ConnectionString, "--Orders:Reads=PreferStandby");
        await ReadsAsync(api, 1, "O");
        using var deadline = new CancellationTokenSource(Deadline);
        while (!await _pair.Second.ScalarAsync<bool>("select exists (select from pg_stat_activity where query like '%orders_synced%' and pid <> pg_backend_pid())"))
        {
            // The first reads may be the primary's.
            await StatusAsync(api, 1);
            Assert.That(deadline.IsCancellationRequested, Is.False, "The standby is not asked.");
        }

        Task<RunningApi.Answer> reading = api.GetAsync("/api/v1/orders/7");
        while (!await _pair.Second.ScalarAsync<bool>("select exists (select from pg_stat_activity where wait_event = 'PgSleep')"))
        {
            Assert.That(deadline.IsCancellationRequested || reading.IsCompleted, Is.False, "The standby is not reading.");
        }

        await _pair.First.ExecuteAsync("alter table slow.stored add column further integer");
        RunningApi.Answer answer = await reading;
        Assert.That((answer.Status, answer.Json.GetProperty("o_orderkey").GetInt64()), Is.EqualTo((200, 7)), answer.Body);
        Assert.That(await _pair.Second.ScalarAsync<long>("select confl_lock from pg_stat_database_conflicts where datname = 'postgres'"), Is.GreaterThan(0));
        await _pair.Second.ExecuteAsync("alter system reset max_standby_streaming_delay");
        await _pair.Second.ExecuteAsync("select pg_reload_conf()");
        await _pair.First.ExecuteAsync("drop schema slow cascade");
    }

    [Test]
    public async Task The_server_ends_statements_of_an_instance_that_died()
    {
        await using ServerDataSource dataSource = OrdersDataSource.Create(_pair.First.ConnectionString);
        await using NpgsqlConnection connection = await dataSource.Current.OpenConnectionAsync();
        await using var command = new NpgsqlCommand("select version() like '%linux%', current_setting('client_connection_check_interval', true)", connection);
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync();
        await reader.ReadAsync();
        bool takesIt = reader.GetBoolean(0) && !await reader.IsDBNullAsync(1);
        Assert.That(takesIt ? reader.GetString(1) : "1s", Is.EqualTo("1s"));
    }

    private static async Task<string> StatusAsync(RunningApi api, long key, string? token = null)
    {
        RunningApi.Answer answer = await api.GetAsync($"/api/v1/orders/{key}", token is null ? [] : [(Header, token)]);
        Assert.That(answer.Status, Is.EqualTo(200), answer.Body);
        return answer.Json.GetProperty("o_orderstatus").GetString()!;
    }

    /// <summary>Reads until the status is what one of the servers has: until both are known, whichever is known answers.</summary>
    private static async Task ReadsAsync(RunningApi api, long key, string status)
    {
        using var deadline = new CancellationTokenSource(Deadline);
        while (await StatusAsync(api, key) != status)
        {
            Assert.That(deadline.IsCancellationRequested, Is.False, $"No read has shown {status}.");
        }
    }

    private string OneConnection() => $"{_pair.ConnectionString()};Maximum Pool Size=1";

    /// <summary>The standby has what there is, and replays no more.</summary>
    private async Task CatchUpPausedAsync()
    {
        await _pair.CatchUpAsync();
        await _pair.Second.PauseReplayAsync();
    }
}
