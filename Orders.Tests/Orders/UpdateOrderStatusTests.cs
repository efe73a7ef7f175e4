using System.IO.Pipelines;
using System.Text;
using Orders.Application.Overlay;
using Orders.Tests.Support;

namespace Orders.Tests.Orders;

[TestFixture(StatusChangeMode.InPlace)]
[TestFixture(StatusChangeMode.Overlay)]
internal sealed class UpdateOrderStatusTests(StatusChangeMode mode)
{
    private TestDatabase _database = null!;
    private RunningApi _api = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _database = await TestDatabase.CreateAsync(mode, Enumerable.Range(1, 100).Select(key => (long)key));
        _api = await RunningApi.StartAsync(_database.ConnectionString, _database.Settings);
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        await _api.DisposeAsync();
        await _database.DisposeAsync();
    }

    [TestCase(1, "O")]
    [TestCase(2, "F")]
    [TestCase(3, "P")]
    public async Task A_status_is_written_and_shows_in_every_later_read(long key, string status)
    {
        string body = $$"""{"o_orderstatus":"{{status}}"}""";
        RunningApi.Answer answer = await _api.PostStatusAsync(key, body);
        Assert.That(
            (answer.Status, answer.Body),
            Is.EqualTo((200, $$"""{"o_orderkey":{{key}},"o_orderstatus":"{{status}}","message":"Order status updated successfully"}""")));

        RunningApi.Answer order = await _api.GetAsync($"/api/v1/orders/{key}");
        RunningApi.Answer slice = await _api.GetAsync($"/api/v1/orders/stream?cursor={key - 1}&page_size=1");
        RunningApi.Answer page = await _api.GetAsync($"/api/v1/orders/pages?page={key}&page_size=1");
        Assert.That(order.Json.GetProperty("o_orderstatus").GetString(), Is.EqualTo(status));
        Assert.That(slice.Json.GetProperty("orders")[0].GetProperty("o_orderstatus").GetString(), Is.EqualTo(status));
        Assert.That(page.Json.GetProperty("orders")[0].GetProperty("o_orderstatus").GetString(), Is.EqualTo(status));
    }

    [Test]
    public async Task Repeating_a_change_gives_the_same_answer()
    {
        RunningApi.Answer first = await _api.PostStatusAsync(4, """{"o_orderstatus":"F"}""");
        RunningApi.Answer second = await _api.PostStatusAsync(4, """{"o_orderstatus":"F"}""");
        Assert.That((second.Status, second.Body), Is.EqualTo((first.Status, first.Body)));
    }

    [TestCase(6, "\ufeff{\"o_orderstatus\":\"F\"}", "application/json")]
    [TestCase(6, " \r\n{ \"o_orderstatus\" : \"F\" }\t\n", "application/json; charset=utf-8")]
    [TestCase(6, "{\"o_orderstatus\":\"\\u0046\"}", "application/merge-patch+json")]
    [TestCase(6, "{\"o_orderstatus\":\"F\"}", "text/json")]
    public async Task Json_may_be_written_in_other_ways(long key, string body, string contentType) =>
        Assert.That((await _api.PostStatusAsync(key, body, contentType)).Status, Is.EqualTo(200));

    [Test]
    public async Task A_body_that_comes_in_pieces_is_read_to_its_end()
    {
        var pieces = new Pipe();
        using var content = new StreamContent(pieces.Reader.AsStream());
        content.Headers.TryAddWithoutValidation("Content-Type", "application/json");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/orders/7/status") { Content = content };
        Task<RunningApi.Answer> answer = _api.SendAsync(request);
        foreach (string piece in new[] { "{\"o_order", "status\":", "\"F\"", "}" })
        {
            await pieces.Writer.WriteAsync(Encoding.UTF8.GetBytes(piece));
        }

        await pieces.Writer.CompleteAsync();
        Assert.That((await answer).Status, Is.EqualTo(200));
    }

    [Test]
    public async Task Nothing_but_the_status_of_that_order_changes()
    {
        const string others = "select md5(string_agg(orders_synced::text, '|' order by o_orderkey)) from orders_synced where o_orderkey <> 50";
        const string rest = "select (to_jsonb(orders_synced) - 'o_orderstatus')::text from orders_synced where o_orderkey = 50";
        (string? Others, string? Same) before = (await _database.ScalarAsync<string>(others), await _database.ScalarAsync<string>(rest));
        await _api.PostStatusAsync(50, """{"o_orderstatus":"P"}""");
        Assert.That((await _database.ScalarAsync<string>(others), await _database.ScalarAsync<string>(rest)), Is.EqualTo(before));
    }

    [Test]
    public async Task Unknown_members_are_ignored()
    {
        RunningApi.Answer answer = await _api.PostStatusAsync(5, """{"note":{"deep":[1,2,{"a":null}]},"o_orderstatus":"F","O_ORDERSTATUS":"x"}""");
        Assert.That(answer.Status, Is.EqualTo(200));
    }

    [Test]
    public async Task An_order_that_does_not_exist_is_not_found()
    {
        RunningApi.Answer answer = await _api.PostStatusAsync(4242, """{"o_orderstatus":"F"}""");
        Assert.That((answer.Status, answer.Code, answer.Detail), Is.EqualTo((404, "order_not_found", "Order with key '4242' not found")));
    }

    [Test]
    public async Task Concurrent_changes_of_one_order_all_succeed_and_the_last_one_stays()
    {
        string[] statuses = [.. Enumerable.Range(0, 60).Select(i => "OFP"[i % 3].ToString())];
        RunningApi.Answer[] answers = await Task.WhenAll(statuses.Select(status => _api.PostStatusAsync(60, $$"""{"o_orderstatus":"{{status}}"}""")));
        Assert.That(answers.Select(answer => answer.Status), Is.All.EqualTo(200));

        await _api.PostStatusAsync(60, """{"o_orderstatus":"P"}""");
        Assert.That(await _database.ScalarAsync<string>("select o_orderstatus from orders_synced where o_orderkey = 60"), Is.EqualTo("P"));
    }

    [Test]
    public async Task Concurrent_changes_of_different_orders_do_not_lose_any()
    {
        RunningApi.Answer[] answers = await Task.WhenAll(
            Enumerable.Range(61, 40).Select(key => _api.PostStatusAsync(key, """{"o_orderstatus":"F"}""")));
        Assert.That(answers.Select(answer => answer.Status), Is.All.EqualTo(200));
        Assert.That(
            await _database.ScalarAsync<long>("select count(*) from orders_synced where o_orderkey > 60 and o_orderstatus = 'F'"), Is.EqualTo(40));
    }
}
