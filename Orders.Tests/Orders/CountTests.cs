using Orders.Tests.Support;

namespace Orders.Tests.Orders;

internal sealed class CountTests
{
    private TestDatabase _database = null!;

    [SetUp]
    public async Task SetUpAsync() => _database = await TestDatabase.CreateAsync(1, 2, 3);

    [TearDown]
    public async Task TearDownAsync() => await _database.DisposeAsync();

    [Test]
    public async Task The_count_is_exact_and_says_how_old_it_may_be()
    {
        await using RunningApi api = await RunningApi.StartAsync(_database.ConnectionString);
        RunningApi.Answer answer = await api.GetAsync("/api/v1/orders/count");
        Assert.That(
            (answer.Status, answer.Body, answer.Headers["Cache-Control"], answer.Headers["Age"]),
            Is.EqualTo((200, """{"total_orders":3}""", "max-age=2, private", "0")));
    }

    [TestCase("/api/v1/orders/count", "max-age=3600, private")]
    [TestCase("/api/v1/orders/pages", "no-cache, max-age=3600, private")]
    public async Task A_remembered_count_is_answered_until_a_request_wants_a_fresh_one(string path, string cacheControl)
    {
        await using RunningApi api = await RunningApi.StartAsync(_database.ConnectionString, "--Orders:CountMaxAge=01:00:00");
        await api.GetAsync(path);
        await _database.InsertAsync(4);
        RunningApi.Answer remembered = await api.GetAsync(path);
        RunningApi.Answer fresh = await api.GetAsync(path, ("Cache-Control", "no-cache"));
        RunningApi.Answer afterwards = await api.GetAsync(path);

        Assert.That(new[] { Total(remembered), Total(fresh), Total(afterwards) }, Is.EqualTo(new long[] { 3, 4, 4 }));
        Assert.That(remembered.Headers["Cache-Control"], Is.EqualTo(cacheControl));
        Assert.That(remembered.Headers, Does.ContainKey("Age"));
    }

    [Test]
    public async Task A_request_that_takes_no_age_gets_a_fresh_count()
    {
        await using RunningApi api = await RunningApi.StartAsync(_database.ConnectionString, "--Orders:CountMaxAge=3600");
        await api.GetAsync("/api/v1/orders/count");
        await _database.InsertAsync(4);
        RunningApi.Answer answer = await api.GetAsync("/api/v1/orders/count", ("Cache-Control", "max-age=0"));
        Assert.That(Total(answer), Is.EqualTo(4));
    }

    [Test]
    public async Task A_maximum_age_of_zero_counts_each_time()
    {
        await using RunningApi api = await RunningApi.StartAsync(_database.ConnectionString, "--Orders:CountMaxAge=0");
        RunningApi.Answer before = await api.GetAsync("/api/v1/orders/count");
        await _database.InsertAsync(4);
        RunningApi.Answer after = await api.GetAsync("/api/v1/orders/count");
        Assert.That((Total(before), Total(after), after.Headers["Cache-Control"]), Is.EqualTo((3, 4, "max-age=0, private")));
    }

    [Test]
    public async Task A_page_without_count_says_nothing_of_an_age()
    {
        await using RunningApi api = await RunningApi.StartAsync(_database.ConnectionString);
        RunningApi.Answer answer = await api.GetAsync("/api/v1/orders/pages?include_count=false");
        Assert.That((answer.Headers["Cache-Control"], answer.Headers.ContainsKey("Age")), Is.EqualTo(("no-cache, private", false)));
    }

    private static long Total(RunningApi.Answer answer) => answer.Json.TryGetProperty("total_orders", out var total)
        ? total.GetInt64()
        : answer.Pagination.GetProperty("total_count").GetInt64();
}
