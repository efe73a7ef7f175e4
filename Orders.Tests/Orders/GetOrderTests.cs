using Orders.Tests.Support;

namespace Orders.Tests.Orders;

internal sealed class GetOrderTests
{
    private TestDatabase _database = null!;
    private RunningApi _api = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _database = await TestDatabase.CreateAsync();
        await _database.ExecuteAsync(
            """
            insert into orders_synced values
                (1, 370, 'O', 172799.49, '1996-01-02', '5-LOW', 'Clerk#000000951', 0, 'nstructions sleep furiously among '),
                (2, 781, '?', 164529.10, '1996-12-01', '1-URGENT', 'Clerk#000000880', 1, e'<&\'+> "quoted" \\ äöü 漢 \t'),
                (9223372036854775807, 9223372036854775807, 'F', 9999999999999999.99, '1998-08-02', '2-HIGH', 'Clerk#000000001', 2147483647, '')
            """);
        _api = await RunningApi.StartAsync(_database.ConnectionString);
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        await _api.DisposeAsync();
        await _database.DisposeAsync();
    }

    [TestCase("1", """{"o_orderkey":1,"o_custkey":370,"o_orderstatus":"O","o_totalprice":172799.49,"o_orderdate":"1996-01-02","o_orderpriority":"5-LOW","o_clerk":"Clerk#000000951","o_shippriority":0,"o_comment":"nstructions sleep furiously among "}""")]
    [TestCase("2", """{"o_orderkey":2,"o_custkey":781,"o_orderstatus":"?","o_totalprice":164529.10,"o_orderdate":"1996-12-01","o_orderpriority":"1-URGENT","o_clerk":"Clerk#000000880","o_shippriority":1,"o_comment":"<&'+> \"quoted\" \\ äöü 漢 \t"}""")]
    [TestCase("9223372036854775807", """{"o_orderkey":9223372036854775807,"o_custkey":9223372036854775807,"o_orderstatus":"F","o_totalprice":9999999999999999.99,"o_orderdate":"1998-08-02","o_orderpriority":"2-HIGH","o_clerk":"Clerk#000000001","o_shippriority":2147483647,"o_comment":""}""")]
    public async Task An_order_is_answered_to_the_byte(string key, string json)
    {
        RunningApi.Answer answer = await _api.GetAsync($"/api/v1/orders/{key}");
        Assert.That((answer.Status, answer.Body, answer.ContentType), Is.EqualTo((200, json, "application/json")));
    }

    [Test]
    public async Task An_order_is_read_from_the_table_each_time()
    {
        RunningApi.Answer answer = await _api.GetAsync("/api/v1/orders/1");
        Assert.That(answer.Headers["Cache-Control"], Is.EqualTo("no-cache, private"));
    }

    [TestCase("0")]
    [TestCase("-1")]
    [TestCase("-9223372036854775808")]
    public async Task A_key_of_zero_or_less_is_invalid(string key)
    {
        RunningApi.Answer answer = await _api.GetAsync($"/api/v1/orders/{key}");
        Assert.That((answer.Status, answer.Code, answer.Detail), Is.EqualTo((400, "invalid_order_key", "Invalid order key provided")));
    }

    [Test]
    public async Task A_key_without_an_order_is_not_found()
    {
        RunningApi.Answer answer = await _api.GetAsync("/api/v1/orders/4242");
        Assert.That((answer.Status, answer.Code, answer.Detail), Is.EqualTo((404, "order_not_found", "Order with key '4242' not found")));
    }

    [Test]
    public async Task A_problem_has_the_members_of_the_contract_in_their_order()
    {
        const string traceId = "4bf92f3577b34da6a3ce929d0e0e4736";
        RunningApi.Answer answer = await _api.GetAsync("/api/v1/orders/4242", ("traceparent", $"00-{traceId}-00f067aa0ba902b7-01"));
        Assert.That(
            (answer.ContentType, answer.Body),
            Is.EqualTo((
                "application/problem+json",
                $$"""{"type":"/problems/order_not_found","title":"Not Found","status":404,"detail":"Order with key '4242' not found","code":"order_not_found","trace_id":"{{traceId}}"}""")));
    }

    [Test]
    public async Task A_status_in_the_table_is_passed_on_whatever_it_is()
    {
        RunningApi.Answer answer = await _api.GetAsync("/api/v1/orders/2");
        Assert.That(answer.Json.GetProperty("o_orderstatus").GetString(), Is.EqualTo("?"));
    }
}
