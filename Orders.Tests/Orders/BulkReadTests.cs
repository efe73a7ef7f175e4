using Orders.Tests.Support;

namespace Orders.Tests.Orders;

/// <summary><c>GET /api/v1/orders?order_keys=…</c>: many orders by their keys.</summary>
internal sealed class BulkReadTests
{
    private const string Path = "/api/v1/orders?order_keys=";

    private TestDatabase _database = null!;
    private RunningApi _api = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _database = await TestDatabase.CreateAsync([.. Enumerable.Range(1, 1200).Select(key => key * 2L), long.MaxValue]);
        _api = await RunningApi.StartAsync(_database.ConnectionString);
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        await _api.DisposeAsync();
        await _database.DisposeAsync();
    }

    [TestCase("2,4", "2,4", "")]
    [TestCase("4,3,2,1", "2,4", "1,3")]
    [TestCase("4,4,2,4,5,5", "2,4", "5")]
    [TestCase("1", "", "1")]
    [TestCase("9223372036854775807", "9223372036854775807", "")]
    [TestCase("2&order_keys=8,6&x=3&order_keys=2", "2,6,8", "")]
    [TestCase("2%2C4&order%5Fkeys=6", "2,4,6", "")]
    [TestCase("00000000000000000000002", "2", "")]
    public async Task Orders_come_in_ascending_order_each_once_and_missing_ones_are_listed(string keys, string found, string missing)
    {
        RunningApi.Answer answer = await _api.GetAsync($"{Path}{keys}");
        Assert.That(answer.Status, Is.EqualTo(200), answer.Body);
        Assert.That(string.Join(',', answer.Keys), Is.EqualTo(found));
        Assert.That(string.Join(',', answer.Json.GetProperty("missing_order_keys").EnumerateArray().Select(key => key.GetInt64())), Is.EqualTo(missing));
    }

    [Test]
    public async Task An_order_is_the_same_as_alone()
    {
        string alone = (await _api.GetAsync("/api/v1/orders/2")).Body;
        Assert.That((await _api.GetAsync($"{Path}2")).Body, Is.EqualTo($$"""{"orders":[{{alone}}],"missing_order_keys":[]}"""));
    }

    [TestCase(1000, 200)]
    [TestCase(1001, 422)]
    public async Task A_thousand_keys_are_enough(int count, int status)
    {
        RunningApi.Answer answer = await _api.GetAsync($"{Path}{string.Join(',', Enumerable.Range(1, count).Select(key => key * 2))}");
        Assert.That(answer.Status, Is.EqualTo(status), answer.Body);
    }

    [TestCase(",")]
    [TestCase("&order_keys=")]
    public async Task A_thousand_of_the_largest_keys_fit_in_an_address(string separator)
    {
        RunningApi.Answer answer = await _api.GetAsync($"{Path}{string.Join(separator, Enumerable.Repeat(long.MaxValue, 1000))}");
        Assert.That((answer.Status, answer.Keys), Is.EqualTo((200, new[] { long.MaxValue })));
    }

    [Test]
    public async Task A_key_that_comes_twice_counts_twice_against_the_limit() =>
        Assert.That((await _api.GetAsync($"{Path}{string.Join(',', Enumerable.Repeat(2, 1001))}")).Code, Is.EqualTo("validation_failed"));

    [TestCase("")]
    [TestCase(",")]
    [TestCase("2,")]
    [TestCase("2,,4")]
    [TestCase("2, 4")]
    [TestCase("2;4")]
    [TestCase("2,x")]
    [TestCase("2,4.0")]
    [TestCase("%2B2")]
    [TestCase("-2")]
    [TestCase("0")]
    [TestCase("2,\"4\"")]
    [TestCase("[2,4]")]
    [TestCase("9223372036854775808")]
    [TestCase("2&order_keys=")]
    public async Task A_list_of_anything_else_is_not_valid(string keys)
    {
        RunningApi.Answer answer = await _api.GetAsync($"{Path}{keys}");
        Assert.That((answer.Status, answer.Code), Is.EqualTo((422, "validation_failed")), answer.Body);
        Assert.That(answer.Json.GetProperty("errors").EnumerateObject().Single().Name, Is.EqualTo("order_keys"));
    }

    [TestCase("/api/v1/orders")]
    [TestCase("/api/v1/orders?ORDER_KEYS=2")]
    public async Task The_list_is_required(string path) => Assert.That((await _api.GetAsync(path)).Code, Is.EqualTo("validation_failed"));

    [Test]
    public async Task Lists_that_come_at_once_are_answered_each_with_its_own()
    {
        long[][] lists = [.. Enumerable.Range(0, 60).Select(start => Enumerable.Range(1, 1 + (start * 13)).Select(index => (index + start) * 2L).ToArray())];
        RunningApi.Answer[] answers = await Task.WhenAll(lists.Select(keys => _api.GetAsync($"{Path}{string.Join(',', keys)}")));
        Assert.That(answers.Select(answer => answer.Keys), Is.EqualTo(lists));
    }

    [Test]
    public async Task A_row_that_is_no_order_is_left_out()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(1, 2, 3);
        await database.ExecuteAsync("alter table orders_synced alter o_clerk drop not null; update orders_synced set o_clerk = null where o_orderkey = 2");
        await using RunningApi api = await RunningApi.StartAsync(database.ConnectionString);
        RunningApi.Answer answer = await api.GetAsync($"{Path}1,2,3");
        Assert.That((answer.Status, answer.Keys), Is.EqualTo((200, new long[] { 1, 3 })), answer.Body);
    }
}
