using Orders.Tests.Support;

namespace Orders.Tests.Orders;

/// <summary>Many clients at once on few connections.</summary>
internal sealed class ConcurrencyTests
{
    private const int Orders = 1_200;

    private TestDatabase _database = null!;
    private RunningApi _api = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _database = await TestDatabase.CreateAsync(Enumerable.Range(1, Orders).Select(key => (long)key));
        _api = await RunningApi.StartAsync($"{_database.ConnectionString};Maximum Pool Size=2;Timeout=60");
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        await _api.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Test]
    public async Task Far_more_clients_than_connections_are_all_answered_with_their_own_order()
    {
        long[] keys = [.. Enumerable.Range(1, Orders).Select(key => (long)key)];
        RunningApi.Answer[] answers = await Task.WhenAll(keys.Select(key => _api.GetAsync($"/api/v1/orders/{key}")));
        Assert.That(answers.Select(answer => answer.Json.GetProperty("o_orderkey").GetInt64()), Is.EqualTo(keys));
    }

    [Test]
    public async Task Every_operation_is_answered_while_all_others_run()
    {
        Task<RunningApi.Answer>[] answers =
        [
            .. Enumerable.Range(1, 300).SelectMany(number => new[]
            {
                _api.GetAsync($"/api/v1/orders/{number}"),
                _api.GetAsync($"/api/v1/orders/stream?cursor={number}&page_size=10"),
                _api.GetAsync($"/api/v1/orders/pages?page={number}&page_size=4"),
                _api.GetAsync("/api/v1/orders/count"),
                _api.GetAsync("/api/v1/orders/sample"),
                _api.PostStatusAsync(number, """{"o_orderstatus":"P"}"""),
            }),
        ];
        Assert.That((await Task.WhenAll(answers)).Select(answer => answer.Status), Is.All.EqualTo(200));
    }

    [Test]
    public async Task A_read_that_starts_after_a_change_was_answered_shows_it()
    {
        await Task.WhenAll(Enumerable.Range(400, 100).Select(async key =>
        {
            foreach (string status in new[] { "P", "F", "O", "P" })
            {
                RunningApi.Answer change = await _api.PostStatusAsync(key, $$"""{"o_orderstatus":"{{status}}"}""");
                Assert.That(change.Status, Is.EqualTo(200), change.Body);
                RunningApi.Answer answer = await _api.GetAsync($"/api/v1/orders/{key}");
                Assert.That(answer.Json.GetProperty("o_orderstatus").GetString(), Is.EqualTo(status));
            }
        }));
    }
}
