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

    [TestCase("/api/v1/orders/1")]
    [TestCase("/api/v1/orders/count")]
    public async Task A_request_over_its_time_limit_is_a_timeout(string path)
    {
        await using RunningApi api = await RunningApi.StartAsync(_database.ConnectionString, "--Orders:RequestTimeout=0.5");
        await using LockedTable locked = await LockedTable.TakeAsync(_database);
        AssertTimeout(await api.GetAsync(path));
        await locked.WaitForNoneBlockedAsync();
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
    [TestCase("GET", "/api/v1/orders/count")]
    [TestCase("GET", "/api/v1/orders/pages")]
    [TestCase("GET", "/api/v1/orders/stream")]
    [TestCase("POST", "/api/v1/orders/1/status")]
    public async Task A_client_that_leaves_takes_its_statement_with_it(string method, string path)
    {
        await using RunningApi api = await RunningApi.StartAsync(_database.ConnectionString);
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

    private static void AssertTimeout(RunningApi.Answer answer)
    {
        Assert.That((answer.Status, answer.ContentType), Is.EqualTo((504, "application/problem+json")), answer.Body);
        Assert.That(answer.Code, Is.EqualTo("timeout"));
    }
}
