using System.Text.Json;
using Orders.Tests.Support;

namespace Orders.Tests.Orders;

/// <summary>One row that is no order ends no walk.</summary>
internal sealed class UnreadableRowsTests
{
    private TestDatabase _database = null!;
    private RunningApi _api = null!;

    [SetUp]
    public async Task SetUpAsync()
    {
        _database = await TestDatabase.CreateAsync(Enumerable.Range(1, 20).Select(key => (long)key));
        await _database.ExecuteAsync(
            """
            alter table orders_synced alter o_custkey drop not null, alter o_orderstatus drop not null, alter o_totalprice drop not null,
                alter o_orderdate drop not null, alter o_comment drop not null, alter o_totalprice type numeric
            """);
        _api = await RunningApi.StartAsync(_database.ConnectionString);
    }

    [TearDown]
    public async Task TearDownAsync()
    {
        await _api.DisposeAsync();
        await _database.DisposeAsync();
    }

    [TestCase("o_comment = null")]
    [TestCase("o_custkey = null")]
    [TestCase("o_totalprice = null")]
    [TestCase("o_totalprice = 'NaN'")]
    [TestCase("o_totalprice = 'Infinity'")]
    [TestCase("o_totalprice = 12345678901234567")]
    [TestCase("o_orderdate = null")]
    [TestCase("o_orderdate = 'infinity'")]
    [TestCase("o_orderdate = '-infinity'")]
    [TestCase("o_orderdate = '0001-01-01 BC'")]
    [TestCase("o_orderdate = '10000-01-01'")]
    public async Task A_walk_goes_on_and_the_order_alone_is_a_500(string fault)
    {
        await _database.ExecuteAsync($"update orders_synced set {fault} where o_orderkey in (4, 11)");
        long[] readable = [.. Enumerable.Range(1, 20).Where(key => key is not (4 or 11)).Select(key => (long)key)];
        foreach (int size in new[] { 1, 3, 4, 7, 1000 })
        {
            List<long> forward = [];
            RunningApi.Answer slice = await SliceAsync(0, size);
            forward.AddRange(slice.Keys);
            while (slice.Cursor("next_cursor") is { } next)
            {
                slice = await SliceAsync(next, size);
                forward.AddRange(slice.Keys);
            }

            List<long> back = [.. slice.Keys.Reverse()];
            while (slice.Cursor("previous_cursor") is { } previous)
            {
                slice = await SliceAsync(previous, size);
                back.AddRange(slice.Keys.Reverse());
            }

            Assert.That(forward, Is.EqualTo(readable), $"by {size}");
            Assert.That(back, Is.EqualTo(readable.Reverse()), $"back by {size}");
        }

        Assert.That((await _api.GetAsync("/api/v1/orders/pages?page=2&page_size=3")).Keys, Is.EqualTo(new[] { 5, 6 }));
        RunningApi.Answer alone = await _api.GetAsync("/api/v1/orders/4");
        Assert.That((alone.Status, alone.Code, alone.Detail), Is.EqualTo((500, "internal_error", "Internal server error occurred")));
        Assert.That((await _api.GetAsync("/api/v1/orders/5")).Status, Is.EqualTo(200));
        Assert.That((await _api.GetAsync("/api/v1/orders/count")).Body, Is.EqualTo("""{"total_orders":20}"""));
    }

    [Test]
    public async Task A_price_of_any_scale_is_rounded_as_PostgreSQL_rounds()
    {
        await _database.ExecuteAsync("update orders_synced set o_totalprice = 794866.99999999999999999999999 where o_orderkey = 1");
        await _database.ExecuteAsync("update orders_synced set o_totalprice = 1.005 where o_orderkey = 2");
        Assert.That((await _api.GetAsync("/api/v1/orders/1")).Body, Does.Contain("\"o_totalprice\":794867.00,"));
        Assert.That((await _api.GetAsync("/api/v1/orders/2")).Body, Does.Contain("\"o_totalprice\":1.01,"));
        Assert.That((await SliceAsync(0, 2)).Body, Does.Contain("\"o_totalprice\":794867.00,").And.Contain("\"o_totalprice\":1.01,"));
        RunningApi.Answer page = await _api.GetAsync("/api/v1/orders/pages?page_size=2");
        Assert.That(page.Body, Does.Contain("\"o_totalprice\":794867.00,").And.Contain("\"o_totalprice\":1.01,"));
    }

    [Test]
    public async Task The_log_names_the_key_once()
    {
        await _database.ExecuteAsync("update orders_synced set o_comment = null where o_orderkey = 4");
        using ApiProcess process = ApiProcess.Start("Production", $"--ConnectionStrings:Orders={_database.ConnectionString}", "--urls=http://127.0.0.1:0");
        using var client = new HttpClient { BaseAddress = await process.ListeningAsync() };
        foreach (string path in new[] { "stream", "pages", "4", "stream" })
        {
            using HttpResponseMessage answer = await client.GetAsync(new Uri($"/api/v1/orders/{path}", UriKind.Relative));
        }

        process.Terminate();
        await process.EndAsync();
        Assert.That(process.JsonLines.Count(line => line.TryGetProperty("OrderKey", out JsonElement key) && key.GetInt64() == 4), Is.EqualTo(1), process.Output);
    }

    private async Task<RunningApi.Answer> SliceAsync(long cursor, int size)
    {
        RunningApi.Answer slice = await _api.GetAsync($"/api/v1/orders/stream?cursor={cursor}&page_size={size}");
        Assert.That(slice.Status, Is.EqualTo(200), slice.Body);
        return slice;
    }
}
