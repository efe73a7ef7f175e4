using System.Text;
using Orders.Tests.Support;

namespace Orders.Tests.Http;

internal sealed class TimeLimitTests
{
    private TestDatabase _database = null!;

    [SetUp]
    public async Task SetUpAsync() => _database = await TestDatabase.CreateAsync(1, 2, 3);

    [TearDown]
    public async Task TearDownAsync() => await _database.DisposeAsync();

    [TestCase("/api/v1/orders/1")]
    [TestCase("/api/v1/orders/count")]
    [TestCase("/api/v1/orders/sample")]
    [TestCase("/api/v1/orders/pages?include_count=false")]
    [TestCase("/api/v1/orders/stream")]
    public async Task A_statement_over_its_time_limit_is_a_timeout(string path)
    {
        await using RunningApi api = await RunningApi.StartAsync($"{_database.ConnectionString};Command Timeout=1");
        await using LockedTable locked = await LockedTable.TakeAsync(_database);
        AssertTimeout(await api.GetAsync(path));
        await locked.WaitForNoneBlockedAsync();
    }

    [Test]
    public async Task A_request_over_its_time_limit_is_a_timeout()
    {
        await using RunningApi api = await StartCountedAsync("--Orders:RequestTimeout=0.5");
        await using LockedTable locked = await LockedTable.TakeAsync(_database);
        AssertTimeout(await api.GetAsync("/api/v1/orders/1"));
        await locked.WaitForNoneBlockedAsync();
    }

    [Test]
    public async Task A_fresh_count_that_does_not_come_in_time_is_a_timeout_and_an_old_one_is_still_there()
    {
        await using RunningApi api = await StartCountedAsync("--Orders:RequestTimeout=0.5");
        await using LockedTable locked = await LockedTable.TakeAsync(_database);
        AssertTimeout(await api.GetAsync("/api/v1/orders/count", ("Cache-Control", "no-cache")));
        Assert.That((await api.GetAsync("/api/v1/orders/count")).Status, Is.EqualTo(200));
    }

    [Test]
    public async Task A_first_count_that_does_not_come_in_time_is_not_ready_yet()
    {
        await using LockedTable locked = await LockedTable.TakeAsync(_database);
        await using RunningApi api = await RunningApi.StartAsync(_database.ConnectionString, "--Orders:RequestTimeout=0.5");
        RunningApi.Answer answer = await api.GetAsync("/api/v1/orders/count");
        Assert.That((answer.Status, answer.Code), Is.EqualTo((503, "count_not_ready")), answer.Body);
        Assert.That(answer.Headers, Does.ContainKey("Retry-After"));
        await locked.DisposeAsync();
        Assert.That((await api.GetAsync("/api/v1/orders/count")).Status, Is.EqualTo(200));
    }

    [TestCase("statement_timeout=200")]
    [TestCase("lock_timeout=200")]
    public async Task A_time_limit_of_the_server_is_a_timeout(string option)
    {
        await using RunningApi api = await RunningApi.StartAsync($"{_database.ConnectionString};Options=-c {option}");
        await using LockedTable locked = await LockedTable.TakeAsync(_database);
        AssertTimeout(await api.PostStatusAsync(1, """{"o_orderstatus":"F"}"""));
    }

    [TestCase("GET", "/api/v1/orders/1")]
    [TestCase("GET", "/api/v1/orders/pages")]
    [TestCase("GET", "/api/v1/orders/stream")]
    [TestCase("POST", "/api/v1/orders/1/status")]
    public async Task A_client_that_leaves_takes_its_statement_with_it(string method, string path)
    {
        await using RunningApi api = await StartCountedAsync();
        await using LockedTable locked = await LockedTable.TakeAsync(_database);
        using var leaving = new CancellationTokenSource();
        using var request = new HttpRequestMessage(new HttpMethod(method), path)
        {
            Content = method == "POST" ? new StringContent("""{"o_orderstatus":"F"}""", Encoding.UTF8, "application/json") : null,
        };
        Task<HttpResponseMessage> answer = api.Client.SendAsync(request, leaving.Token);
        await locked.WaitForBlockedAsync();
        await leaving.CancelAsync();

        Assert.That(async () => await answer, Throws.InstanceOf<OperationCanceledException>());
        await locked.WaitForNoneBlockedAsync();
    }

    /// <summary>A service whose count in the background is done.</summary>
    private async Task<RunningApi> StartCountedAsync(params string[] settings)
    {
        RunningApi api = await RunningApi.StartAsync(_database.ConnectionString, ["--Orders:CountMaxAge=3600", .. settings]);
        await api.GetAsync("/api/v1/orders/count");
        return api;
    }

    private static void AssertTimeout(RunningApi.Answer answer)
    {
        Assert.That((answer.Status, answer.ContentType), Is.EqualTo((504, "application/problem+json")), answer.Body);
        Assert.That(answer.Code, Is.EqualTo("timeout"));
    }
}
