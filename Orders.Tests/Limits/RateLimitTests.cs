using Orders.Api.Limits;
using Orders.Application;
using Orders.Tests.Support;

namespace Orders.Tests.Limits;

/// <summary>Rate limits over HTTP. The rates are so low that nothing is given back while a test runs.</summary>
internal sealed class RateLimitTests
{
    private const string Down = "Host=127.0.0.1;Port=1;Username=nobody;Database=nowhere";

    private TestDatabase _database = null!;

    [OneTimeSetUp]
    public async Task CreateAsync() => _database = await TestDatabase.CreateAsync(1, 2, 3);

    [OneTimeTearDown]
    public async Task DropAsync() => await _database.DisposeAsync();

    [Test]
    public async Task A_caller_sees_its_limit_and_is_told_when_to_come_back()
    {
        await using RunningApi api = await RunningApi.StartAsync(_database.ConnectionString, "--Orders:RateLimits:Read=2/h");
        RunningApi.Answer[] answers = [await ReadAsync(), await ReadAsync(), await ReadAsync()];
        Assert.That(answers.Select(answer => answer.Status), Is.EqualTo(new[] { 200, 200, 429 }));
        Assert.That(answers.Select(answer => answer.Headers["RateLimit-Policy"]), Is.All.EqualTo("\"read\";q=2;w=3600"));
        Assert.That(
            answers.Select(answer => answer.Headers["RateLimit"]),
            Is.EqualTo(new[] { "\"read\";r=1;t=1800", "\"read\";r=0;t=1800", "\"read\";r=0;t=1800" }));
        Assert.That(answers[0].Headers, Does.Not.ContainKey("Retry-After"));
        Assert.That((answers[2].ContentType, answers[2].Code, answers[2].Headers["Retry-After"]), Is.EqualTo(("application/problem+json", "rate_limited", "1800")));
        Assert.That(answers[2].Detail, Is.EqualTo("The caller's limit is used up: read requests, 2/h."));

        Task<RunningApi.Answer> ReadAsync() => api.GetAsync("/api/v1/orders/1");
    }

    [Test]
    public async Task Changes_are_limited_where_reads_are_not()
    {
        await using RunningApi api = await RunningApi.StartAsync(_database.ConnectionString, "--Orders:RateLimits:Write=60/min burst 2");
        RunningApi.Answer[] changes = [await ChangeAsync(), await ChangeAsync(), await ChangeAsync(), await ChangeAsync(), await ChangeAsync(), await ChangeAsync()];
        Assert.That(changes[0].Status, Is.EqualTo(200));
        Assert.That(changes[^1].Status, Is.EqualTo(429));
        Assert.That(changes[^1].Headers["Retry-After"], Is.EqualTo("1"));
        Assert.That(changes[0].Headers["RateLimit-Policy"], Is.EqualTo("\"write\";q=60;w=60;orders-burst=2"));
        for (int read = 0; read < 5; read++)
        {
            RunningApi.Answer answer = await api.GetAsync("/api/v1/orders/1");
            Assert.That(answer.Status, Is.EqualTo(200));
            Assert.That(answer.Headers, Does.Not.ContainKey("RateLimit").And.Not.ContainKey("RateLimit-Policy"));
        }

        Task<RunningApi.Answer> ChangeAsync() => api.PostStatusAsync(1, """{"o_orderstatus":"F"}""");
    }

    [Test]
    public async Task Health_documentation_and_the_root_are_never_limited()
    {
        await using RunningApi api = await RunningApi.StartAsync(_database.ConnectionString, "--Orders:RateLimits:Read=1/h");
        Assert.That((await api.GetAsync("/api/v1/orders/1")).Status, Is.EqualTo(200));
        Assert.That((await api.GetAsync("/api/v1/orders/1")).Status, Is.EqualTo(429));
        foreach (string path in new[] { "/", "/health/live", "/health/ready", "/api/v1/healthcheck", "/docs/index.html", "/openapi.json" })
        {
            RunningApi.Answer answer = await api.GetAsync(path);
            Assert.That(answer.Status, Is.EqualTo(200), path);
            Assert.That(answer.Headers, Does.Not.ContainKey("RateLimit").And.Not.ContainKey("RateLimit-Policy"), path);
        }
    }

    [TestCase("GET", "1", 503)]
    [TestCase("GET", "0", 400)]
    [TestCase("GET", "x", 422)]
    [TestCase("GET", "stream", 503)]
    [TestCase("HEAD", "0", 400)]
    [TestCase("POST", "1/status", 415)]
    public async Task Every_answer_under_a_limit_tells_it(string method, string path, int status)
    {
        await using RunningApi api = await RunningApi.StartAsync(Down, "--Orders:RateLimits:Read=9/h", "--Orders:RateLimits:Write=9/h");
        using var request = new HttpRequestMessage(new HttpMethod(method), $"/api/v1/orders/{path}")
        {
            Content = method == "POST" ? new StringContent("F") : null,
        };
        RunningApi.Answer answer = await api.SendAsync(request);
        string name = method == "POST" ? "write" : "read";
        Assert.That(answer.Status, Is.EqualTo(status), answer.Body);
        Assert.That(
            (answer.Headers["RateLimit-Policy"], answer.Headers["RateLimit"]), Is.EqualTo(($"\"{name}\";q=9;w=3600", $"\"{name}\";r=8;t=3200")));
    }

    [TestCase("100/s", 57, "\"read\";r=57;t=1")]
    [TestCase("100/s burst 200", 200, "\"read\";r=200;t=2")]
    [TestCase("1000/min", 999, "\"read\";r=999;t=60")]
    [TestCase("1000/min", 10, "\"read\";r=10;t=1")]
    [TestCase("5000/h", 0, "\"read\";r=0;t=1")]
    [TestCase("6/min", 0, "\"read\";r=0;t=10")]
    public void Who_spreads_what_is_left_over_the_time_that_is_told_keeps_to_the_rate(string limit, long left, string field) =>
        Assert.That(new RateLimitPolicy("read", RateLimit.Parse(limit)).LimitField(left), Is.EqualTo(field));
}
