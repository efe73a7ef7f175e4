using System.Text;
using System.Text.Json;
using Npgsql;
using Orders.Application.Overlay;
using Orders.Tests.Support;

namespace Orders.Tests.Orders;

/// <summary><c>POST /api/v1/orders/status</c>: many changes in one call.</summary>
[TestFixture(StatusChangeMode.InPlace)]
[TestFixture(StatusChangeMode.Overlay)]
internal sealed class BulkChangeTests(StatusChangeMode mode)
{
    private static readonly JsonSerializerOptions OverLines = new() { WriteIndented = true };

    private TestDatabase _database = null!;
    private RunningApi _api = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _database = await TestDatabase.CreateLocalAsync(mode, Enumerable.Range(1, 1500).Select(key => (long)key));
        _api = await RunningApi.StartAsync(_database.ConnectionString, _database.Settings);
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        await _api.DisposeAsync();
        await _database.DisposeAsync();
    }

    [SetUp]
    public Task RestoreAsync() => _database.ExecuteAsync("update orders_synced set o_orderstatus = 'O' where o_orderkey <= 20 and o_orderstatus <> 'O'");

    [Test]
    public async Task Each_change_has_its_own_outcome_in_the_order_asked()
    {
        string version = (await TagAsync(3)).Trim('"');
        RunningApi.Answer answer = await PostAsync(
            $$"""
            {"changes":[{"o_orderkey":2,"o_orderstatus":"P"},{"o_orderkey":4242,"o_orderstatus":"F"},{"o_orderkey":1,"o_orderstatus":"F"},
                        {"o_orderkey":4,"o_orderstatus":"F","version":"{{version}}"},{"o_orderkey":3,"o_orderstatus":"F","version":"{{version}}"}]}
            """);
        Assert.That(
            (answer.Status, answer.Body),
            Is.EqualTo((
                200,
                """{"results":[{"o_orderkey":2,"code":"changed","message":"Order status updated successfully"},"""
                + """{"o_orderkey":4242,"code":"order_not_found","message":"Order with key '4242' not found"},"""
                + """{"o_orderkey":1,"code":"changed","message":"Order status updated successfully"},"""
                + $$"""{"o_orderkey":4,"code":"precondition_failed","message":"The order is another version by now; read it again","version":{{await TagAsync(4)}}},"""
                + $$"""{"o_orderkey":3,"code":"changed","message":"Order status updated successfully","version":{{await TagAsync(3)}}}]}""")));
        Assert.That(await StatusesAsync(1, 2, 3, 4), Is.EqualTo("FPFO"));
    }

    [Test]
    public async Task A_version_may_have_the_quotes_of_its_tag()
    {
        string tag = await TagAsync(1);
        RunningApi.Answer answer = await PostAsync($$"""{"changes":[{"o_orderkey":1,"o_orderstatus":"F","version":{{JsonSerializer.Serialize(tag)}}}]}""");
        Assert.That(Codes(answer), Is.EqualTo(new[] { "changed" }), answer.Body);
    }

    [Test]
    public async Task A_thousand_changes_are_made_at_once_and_once_more()
    {
        for (int round = 0; round < 2; round++)
        {
            RunningApi.Answer answer = await PostAsync(Body(Enumerable.Range(1, 1000).Select(key => ((long)key, "OFP"[key % 3].ToString()))));
            Assert.That(Codes(answer), Is.EqualTo(Enumerable.Repeat("changed", 1000)), answer.Body);
        }

        Assert.That(
            await _database.ScalarAsync<long>("select count(*) from orders_synced where o_orderkey <= 1000 and o_orderstatus = substr('OFP', (o_orderkey % 3)::int + 1, 1)"),
            Is.EqualTo(1000));
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task A_body_may_be_as_large_as_a_thousand_changes_need(bool atomic)
    {
        // The largest keys, each with a version, over lines.
        var changes = Enumerable.Range(0, 1000).Select(index => new { o_orderkey = long.MaxValue - index, o_orderstatus = "F", version = "AAAAAAAAAAAAAAAA" });
        string body = JsonSerializer.Serialize(new { changes, atomic }, OverLines);
        Assert.That(body, Has.Length.GreaterThan(110_000));
        RunningApi.Answer answer = await PostAsync(body);
        Assert.That(answer.Status, Is.EqualTo(atomic ? 404 : 200), answer.Body);
    }

    [TestCase(256 * 1024, 200)]
    [TestCase((256 * 1024) + 1, 413)]
    public async Task A_body_just_over_the_limit_is_too_large(int length, int status)
    {
        const string change = """{"changes":[{"o_orderkey":1,"o_orderstatus":"O"}]}""";
        RunningApi.Answer answer = await PostAsync(change.PadRight(length));
        Assert.That(answer.Status, Is.EqualTo(status), answer.Body);
        if (status == 413)
        {
            Assert.That((answer.Code, answer.Detail), Is.EqualTo(("payload_too_large", "The body is larger than 256 KiB.")));
        }
    }

    [Test]
    public async Task Other_bodies_are_still_limited_to_16_KiB()
    {
        RunningApi.Answer answer = await _api.PostStatusAsync(1, """{"o_orderstatus":"O"}""".PadRight((16 * 1024) + 1));
        Assert.That((answer.Code, answer.Detail), Is.EqualTo(("payload_too_large", "The body is larger than 16 KiB.")));
    }

    [Test]
    public async Task Atomic_changes_are_all_made()
    {
        string version = (await TagAsync(3)).Trim('"');
        RunningApi.Answer answer = await PostAsync(
            $$"""{"atomic":true,"changes":[{"o_orderkey":3,"o_orderstatus":"F","version":"{{version}}"},{"o_orderkey":1,"o_orderstatus":"P"},{"o_orderkey":2,"o_orderstatus":"O"}]}""");
        Assert.That(Codes(answer), Is.EqualTo(new[] { "changed", "changed", "changed" }), answer.Body);
        Assert.That(await StatusesAsync(1, 2, 3), Is.EqualTo("POF"));
    }

    [Test]
    public async Task An_atomic_change_of_a_missing_order_names_it_and_changes_nothing()
    {
        RunningApi.Answer one = await PostAsync("""{"atomic":true,"changes":[{"o_orderkey":1,"o_orderstatus":"F"},{"o_orderkey":4242,"o_orderstatus":"F"}]}""");
        Assert.That((one.Status, one.Code, one.Detail), Is.EqualTo((404, "order_not_found", "Order with key '4242' not found")));

        // Missing before another version.
        RunningApi.Answer two = await PostAsync(
            """{"atomic":true,"changes":[{"o_orderkey":4243,"o_orderstatus":"F"},{"o_orderkey":1,"o_orderstatus":"F","version":"AAAAAAAAAAAAAAAA"},{"o_orderkey":4242,"o_orderstatus":"F"}]}""");
        Assert.That((two.Status, two.Code, two.Detail), Is.EqualTo((404, "order_not_found", "Orders with keys '4243', '4242' not found")));
        Assert.That(await StatusesAsync(1), Is.EqualTo("O"));
    }

    [Test]
    public async Task An_atomic_change_of_another_version_names_the_order_and_changes_nothing()
    {
        RunningApi.Answer answer = await PostAsync("""{"atomic":true,"changes":[{"o_orderkey":1,"o_orderstatus":"F"},{"o_orderkey":2,"o_orderstatus":"F","version":"AAAAAAAAAAAAAAAA"}]}""");
        Assert.That((answer.Status, answer.Code), Is.EqualTo((412, "precondition_failed")), answer.Body);
        Assert.That(answer.Detail, Does.Contain("'2'").And.Not.Contain("'1'"));
        Assert.That(await StatusesAsync(1, 2), Is.EqualTo("OO"));
    }

    [Test]
    public async Task Atomic_changes_of_the_same_orders_at_once_are_made_one_after_another()
    {
        long[] keys = [.. Enumerable.Range(1, 20)];
        RunningApi.Answer[] answers = await Task.WhenAll(Enumerable.Range(0, 30).Select(
            number => PostAsync(Body((number % 2 == 0 ? keys : keys.Reverse()).Select(key => (key, "OFP"[number % 3].ToString())), atomic: true))));
        Assert.That(answers.Select(answer => answer.Status), Is.All.EqualTo(200));
        Assert.That((await StatusesAsync(keys)).Distinct().Count(), Is.EqualTo(1));
    }

    [Test]
    public async Task A_locked_order_holds_up_the_other_changes_of_the_call_for_nobody([Values] bool atomic)
    {
        await using NpgsqlConnection holder = await _database.DataSource.OpenConnectionAsync();
        await using NpgsqlTransaction held = await holder.BeginTransactionAsync();
        await ExecuteAsync(holder, "update orders_synced set o_orderstatus = 'P' where o_orderkey = 5");
        Task<RunningApi.Answer> waiting = PostAsync(Body([(4, "F"), (5, "F"), (6, "F")], atomic));

        // The order before the locked one in the same call is changed by another caller meanwhile.
        Assert.That((await _api.PostStatusAsync(4, """{"o_orderstatus":"P"}""")).Status, Is.EqualTo(200));
        Assert.That((await _api.PostStatusAsync(6, """{"o_orderstatus":"P"}""")).Status, Is.EqualTo(200));
        Assert.That(waiting.IsCompleted, Is.False);
        await held.CommitAsync();
        RunningApi.Answer answer = await waiting;
        Assert.That(Codes(answer), Is.All.EqualTo("changed"), answer.Body);
        Assert.That(await StatusesAsync(5), Is.EqualTo("F"));
    }

    [TestCase("""{"changes":[]}""", "changes")]
    [TestCase("""{}""", "changes")]
    [TestCase("""{"changes":null}""", "changes")]
    [TestCase("""{"changes":{}}""", "changes")]
    [TestCase("""{"changes":[1]}""", "changes[0]")]
    [TestCase("""{"changes":[null]}""", "changes[0]")]
    [TestCase("""{"changes":[{}]}""", "changes[0].o_orderkey")]
    [TestCase("""{"changes":[{"o_orderkey":"1","o_orderstatus":"F"}]}""", "changes[0].o_orderkey")]
    [TestCase("""{"changes":[{"o_orderkey":1.5,"o_orderstatus":"F"}]}""", "changes[0].o_orderkey")]
    [TestCase("""{"changes":[{"o_orderkey":0,"o_orderstatus":"F"}]}""", "changes[0].o_orderkey")]
    [TestCase("""{"changes":[{"o_orderkey":-1,"o_orderstatus":"F"}]}""", "changes[0].o_orderkey")]
    [TestCase("""{"changes":[{"o_orderkey":9223372036854775808,"o_orderstatus":"F"}]}""", "changes[0].o_orderkey")]
    [TestCase("""{"changes":[{"o_orderkey":1,"o_orderstatus":"F"},{"o_orderkey":1,"o_orderstatus":"F"}]}""", "changes[1].o_orderkey")]
    [TestCase("""{"changes":[{"o_orderkey":1}]}""", "changes[0].o_orderstatus")]
    [TestCase("""{"changes":[{"o_orderkey":1,"o_orderstatus":1}]}""", "changes[0].o_orderstatus")]
    [TestCase("""{"changes":[{"o_orderkey":1,"o_orderstatus":"f"}]}""", "changes[0].o_orderstatus")]
    [TestCase("""{"changes":[{"o_orderkey":1,"o_orderstatus":"F","version":""}]}""", "changes[0].version")]
    [TestCase("""{"changes":[{"o_orderkey":1,"o_orderstatus":"F","version":"*"}]}""", "changes[0].version")]
    [TestCase("""{"changes":[{"o_orderkey":1,"o_orderstatus":"F","version":"W/\"AAAAAAAAAAAAAAAA\""}]}""", "changes[0].version")]
    [TestCase("""{"changes":[{"o_orderkey":1,"o_orderstatus":"F","version":7}]}""", "changes[0].version")]
    [TestCase("""{"changes":[{"o_orderkey":1,"o_orderstatus":"F"}],"atomic":"yes"}""", "atomic")]
    [TestCase("""{"changes":[{"o_orderkey":1,"o_orderstatus":"F"}],"atomic":0}""", "atomic")]
    [TestCase("""[{"o_orderkey":1,"o_orderstatus":"F"}]""", "body")]
    [TestCase("", "body")]
    public async Task What_is_wrong_is_told_by_its_place(string body, string name)
    {
        RunningApi.Answer answer = await PostAsync(body);
        Assert.That((answer.Status, answer.Code), Is.EqualTo((422, "validation_failed")), answer.Body);
        Assert.That(answer.Json.GetProperty("errors").EnumerateObject().Select(error => error.Name), Does.Contain(name), answer.Body);
        Assert.That(await StatusesAsync(1), Is.EqualTo("O"));
    }

    [Test]
    public async Task A_thousand_and_one_changes_are_too_many()
    {
        RunningApi.Answer answer = await PostAsync(Body(Enumerable.Range(1, 1001).Select(key => ((long)key, "F"))));
        Assert.That((answer.Status, answer.Code), Is.EqualTo((422, "validation_failed")));
        Assert.That(answer.Json.GetProperty("errors").GetProperty("changes")[0].GetString(), Is.EqualTo("has to be a list of 1 to 1000 changes"));
    }

    [Test]
    public async Task Of_a_thousand_wrong_changes_the_first_twenty_are_told()
    {
        RunningApi.Answer answer = await PostAsync(Body(Enumerable.Range(1, 1000).Select(key => ((long)key, "X"))));
        Assert.That(answer.Json.GetProperty("errors").EnumerateObject().Count(), Is.EqualTo(20));
    }

    [Test]
    public async Task A_change_counts_as_many_as_it_makes()
    {
        await using RunningApi api = await RunningApi.StartAsync(_database.ConnectionString, [.. _database.Settings, "--Orders:RateLimits:Write=5/h"]);
        RunningApi.Answer three = await PostAsync(Body([(1, "F"), (2, "F"), (3, "F")]), api);
        Assert.That((three.Status, three.Headers["RateLimit"]), Is.EqualTo((200, "\"write\";r=2;t=1440")));

        RunningApi.Answer more = await PostAsync(Body([(1, "P"), (2, "P"), (3, "P")]), api);
        Assert.That((more.Status, more.Code, more.Headers.ContainsKey("Retry-After")), Is.EqualTo((429, "rate_limited", true)));
        Assert.That(await StatusesAsync(1, 2, 3), Is.EqualTo("FFF"));

        RunningApi.Answer never = await PostAsync(Body(Enumerable.Range(1, 7).Select(key => ((long)key, "P"))), api);
        Assert.That((never.Status, never.Headers.ContainsKey("Retry-After")), Is.EqualTo((429, false)));
    }

    [Test]
    public async Task A_service_that_is_read_only_takes_none()
    {
        await using RunningApi api = await RunningApi.StartAsync(_database.ConnectionString, [.. _database.Settings, "--Orders:ReadOnly=true"]);
        Assert.That((await PostAsync(Body([(1, "F")]), api)).Code, Is.EqualTo("forbidden"));
        Assert.That(await StatusesAsync(1), Is.EqualTo("O"));
    }

    private static string Body(IEnumerable<(long Key, string Status)> changes, bool atomic = false) =>
        JsonSerializer.Serialize(new { changes = changes.Select(change => new { o_orderkey = change.Key, o_orderstatus = change.Status }), atomic });

    private static string[] Codes(RunningApi.Answer answer) => answer.Status == 200
        ? [.. answer.Json.GetProperty("results").EnumerateArray().Select(result => result.GetProperty("code").GetString()!)]
        : [answer.Body];

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private async Task<string> TagAsync(long key) => (await _api.GetAsync($"/api/v1/orders/{key}")).Headers["ETag"];

    private async Task<string> StatusesAsync(params long[] keys) =>
        string.Concat((await _api.GetAsync($"/api/v1/orders?order_keys={string.Join(',', keys)}")).Json.GetProperty("orders")
            .EnumerateArray().Select(order => order.GetProperty("o_orderstatus").GetString()));

    private async Task<RunningApi.Answer> PostAsync(string body, RunningApi? api = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/orders/status") { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        return await (api ?? _api).SendAsync(request);
    }
}
