using System.Text.Json;
using Orders.Tests.Support;

namespace Orders.Tests.Health;

/// <summary>A table that is not what the service takes is named, by readiness and by requests alike, and served again when it is mended.</summary>
internal sealed class OrdersTableTests
{
    private TestDatabase _database = null!;

    [SetUp]
    public async Task SetUpAsync() => _database = await TestDatabase.CreateAsync(1, 2, 3);

    [TearDown]
    public async Task TearDownAsync() => await _database.DisposeAsync();

    [TestCase("drop o_comment", "add o_comment text not null default ''", "The column o_comment is missing", "text")]
    [TestCase("alter o_totalprice type double precision", "alter o_totalprice type numeric(18,2)", "o_totalprice", "double precision", "numeric")]
    [TestCase("alter o_orderdate type timestamp", "alter o_orderdate type date", "o_orderdate", "timestamp without time zone", "date")]
    [TestCase("alter o_orderkey type numeric(20,2)", "alter o_orderkey type bigint", "o_orderkey", "numeric(20,2)", "bigint")]
    [TestCase("alter o_orderkey type numeric", "alter o_orderkey type bigint", "o_orderkey", "of type numeric:", "bigint")]
    [TestCase("alter o_custkey type text", "alter o_custkey type bigint using o_custkey::bigint", "o_custkey", "of type text", "bigint")]
    [TestCase("alter o_comment type bytea using o_comment::bytea", "alter o_comment type text using ''", "o_comment", "bytea", "text")]
    [TestCase("drop constraint orders_synced_pkey", "add primary key (o_orderkey)", "o_orderkey", "no unique index", "create unique index")]
    [TestCase("drop constraint orders_synced_pkey, alter o_orderkey drop not null, add unique (o_orderkey)", "alter o_orderkey set not null", "o_orderkey", "may be null", "set not null")]
    public async Task What_is_wrong_is_named_while_the_service_runs_and_served_again_when_it_is_mended(string damage, string mending, params string[] words)
    {
        await using RunningApi api = await RunningApi.StartAsync(_database.ConnectionString);
        Assert.That((await api.GetAsync("/api/v1/orders/1")).Status, Is.EqualTo(200));
        await _database.ExecuteAsync($"alter table orders_synced {damage}");

        RunningApi.Answer ready = await api.GetAsync("/health/ready");
        Assert.That(ready.Status, Is.EqualTo(503), ready.Body);
        Assert.That(ready.Detail, Does.Contain(words[0]).And.Not.Contain(_database.Schema).And.Not.Contain("alter").And.Not.Contain("create"));
        string full = (await api.GetAsOperatorAsync("/health/ready")).Detail;
        Assert.That(full, Does.StartWith(ready.Detail));
        foreach (string word in words)
        {
            Assert.That(full, Does.Contain(word));
        }

        foreach (string path in new[] { "1", "stream", "pages", "sample" })
        {
            RunningApi.Answer answer = await api.GetAsync($"/api/v1/orders/{path}");
            Assert.That((answer.Status, answer.Code, answer.Detail), Is.EqualTo((503, "database_unavailable", ready.Detail)), path);
        }

        Assert.That((await api.PostStatusAsync(1, """{"o_orderstatus":"F"}""")).Detail, Is.EqualTo(ready.Detail));
        Assert.That((await api.GetAsOperatorAsync("/api/v1/orders/1")).Detail, Is.EqualTo(full));
        await _database.ExecuteAsync($"alter table orders_synced {mending}");
        Assert.That((await api.GetAsync("/health/ready")).Status, Is.EqualTo(200));
        Assert.That((await api.GetAsync("/api/v1/orders/1")).Status, Is.EqualTo(200));
        Assert.That((await api.PostStatusAsync(1, """{"o_orderstatus":"F"}""")).Status, Is.EqualTo(200));
    }

    [Test]
    public async Task What_is_wrong_is_in_the_log_once_in_the_same_sentence()
    {
        using ApiProcess process = ApiProcess.Start("Production", $"--ConnectionStrings:Orders={_database.ConnectionString}", "--urls=http://127.0.0.1:0");
        using var client = new HttpClient { BaseAddress = await process.ListeningAsync() };
        using HttpResponseMessage before = await client.GetAsync(new Uri("/api/v1/orders/1", UriKind.Relative));
        Assert.That((int)before.StatusCode, Is.EqualTo(200));
        await _database.ExecuteAsync("alter table orders_synced drop column o_comment");
        for (int request = 0; request < 5; request++)
        {
            using HttpResponseMessage answer = await client.GetAsync(new Uri("/api/v1/orders/1", UriKind.Relative));
            Assert.That((int)answer.StatusCode, Is.EqualTo(503));
        }

        using HttpResponseMessage unready = await client.GetAsync(new Uri("/health/ready", UriKind.Relative));
        string detail = JsonDocument.Parse(await unready.Content.ReadAsStringAsync()).RootElement.GetProperty("detail").GetString()!;
        process.Terminate();
        await process.EndAsync();
        const string sentence = "The column o_comment is missing";
        Assert.That(detail, Does.Contain(sentence));
        Assert.That(
            process.JsonLines.Where(line => line.TryGetProperty("Problem", out JsonElement problem) && problem.GetString()!.Contains(sentence, StringComparison.Ordinal)),
            Has.Exactly(1).Items);
    }

    [TestCase("vacuum full orders_synced")]
    [TestCase("alter table orders_synced rename to old; create table orders_synced (like old including all); insert into orders_synced select * from old")]
    [TestCase("alter table orders_synced drop constraint orders_synced_pkey, add primary key (o_orderkey)")]
    [TestCase("alter table orders_synced add o_note text; alter table orders_synced drop o_note")]
    [TestCase("alter table orders_synced alter o_orderkey type integer")]
    public async Task A_change_of_the_table_that_leaves_it_right_is_not_seen(string change)
    {
        await using RunningApi api = await RunningApi.StartAsync($"{_database.ConnectionString};Maximum Pool Size=1");
        for (int round = 0; round < 8; round++)
        {
            if (round == 4)
            {
                await _database.ExecuteAsync(change);
            }

            Assert.That((await api.GetAsync("/api/v1/orders/2")).Status, Is.EqualTo(200), $"round {round}");
            Assert.That((await api.GetAsync("/api/v1/orders/stream")).Keys, Is.EqualTo(new[] { 1, 2, 3 }), $"round {round}");
            Assert.That((await api.PostStatusAsync(1, """{"o_orderstatus":"F"}""")).Status, Is.EqualTo(200), $"round {round}");
        }
    }

    [Test]
    public async Task Orders_of_a_partition_that_is_attached_are_served_at_once()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(TableKind.RangePartitioned, 1, 2, 3);
        await using RunningApi api = await RunningApi.StartAsync(database.ConnectionString);
        Assert.That((await api.GetAsync("/api/v1/orders/stream")).Keys, Is.EqualTo(new[] { 1, 2, 3 }));
        await database.ExecuteAsync(
            """
            create table more (like orders_synced including all);
            insert into more select 9000000000000000000, o_custkey, o_orderstatus, o_totalprice, o_orderdate, o_orderpriority, o_clerk, o_shippriority, o_comment
            from orders_synced where o_orderkey = 1;
            alter table orders_synced attach partition more for values from (9000000000000000000) to (9000000000000000001)
            """);
        Assert.That((await api.GetAsync("/api/v1/orders/stream")).Keys, Is.EqualTo(new[] { 1, 2, 3, 9000000000000000000 }));
        Assert.That((await api.PostStatusAsync(9000000000000000000, """{"o_orderstatus":"F"}""")).Status, Is.EqualTo(200));
    }

    [TestCase("o_orderkey", "smallint")]
    [TestCase("o_orderkey", "integer")]
    [TestCase("o_orderkey", "numeric(38,0)")]
    [TestCase("o_custkey", "numeric(10)")]
    [TestCase("o_totalprice", "numeric")]
    [TestCase("o_totalprice", "numeric(30,10)")]
    [TestCase("o_totalprice", "integer")]
    [TestCase("o_orderstatus", "char(1)")]
    [TestCase("o_orderpriority", "varchar(15)")]
    [TestCase("o_shippriority", "bigint")]
    [TestCase("o_shippriority", "whole_number")]
    public async Task Types_that_convert_without_loss_are_served(string column, string type)
    {
        await _database.ExecuteAsync($"create domain small as smallint; create domain whole_number as small; alter table orders_synced alter {column} type {type}");
        await using RunningApi api = await RunningApi.StartAsync(_database.ConnectionString);
        Assert.That((await api.GetAsync("/health/ready")).Status, Is.EqualTo(200));
        Assert.That((await api.GetAsync("/api/v1/orders/count")).Body, Is.EqualTo("""{"total_orders":3}"""));
        Assert.That((await api.GetAsync("/api/v1/orders/pages?page=2&page_size=1")).Keys, Is.EqualTo(new[] { 2 }));
        Assert.That((await api.GetAsync("/api/v1/orders/3")).Status, Is.EqualTo(200));
        Assert.That((await api.GetAsync("/api/v1/orders/sample")).Status, Is.EqualTo(200));
        Assert.That((await api.PostStatusAsync(1, """{"o_orderstatus":"F"}""")).Status, Is.EqualTo(200));
        await _database.ExecuteAsync("drop table orders_synced; drop domain whole_number; drop domain small");
    }

    [TestCase("select * from kept", true)]
    [TestCase("select * from (select * from kept where o_custkey > 0) as part", true)]
    [TestCase("select o_orderkey, max(o_custkey) as o_custkey, max(o_orderstatus) as o_orderstatus, max(o_totalprice) as o_totalprice, max(o_orderdate) as o_orderdate, max(o_orderpriority) as o_orderpriority, max(o_clerk) as o_clerk, max(o_shippriority) as o_shippriority, max(o_comment) as o_comment from loose group by 1", true)]
    [TestCase("select * from loose", false)]
    public async Task Of_a_view_the_key_has_to_be_unique_where_PostgreSQL_can_tell(string view, bool isUnique)
    {
        await _database.ExecuteAsync($"alter table orders_synced rename to kept; create table loose as select * from kept; create view orders_synced as {view}");
        await using RunningApi api = await RunningApi.StartAsync(_database.ConnectionString);
        RunningApi.Answer ready = await api.GetAsync("/health/ready");
        Assert.That(ready.Body.Contains("unique", StringComparison.Ordinal), Is.EqualTo(!isUnique), ready.Body);
    }
}
