using Orders.Tests.Support;

namespace Orders.Tests.Http;

/// <summary>Every GET answers HEAD as well.</summary>
internal sealed class HttpSemanticsTests
{
    private TestDatabase _database = null!;
    private RunningApi _api = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _database = await TestDatabase.CreateAsync(1, 2, 3);
        _api = await RunningApi.StartAsync(_database.ConnectionString);
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        await _api.DisposeAsync();
        await _database.DisposeAsync();
    }

    [TestCase("/")]
    [TestCase("/api/v1/healthcheck")]
    [TestCase("/health/live")]
    [TestCase("/health/ready")]
    [TestCase("/openapi.json")]
    [TestCase("/openapi/v3.1.json")]
    [TestCase("/docs")]
    [TestCase("/docs/index.html")]
    [TestCase("/docs/page.js")]
    [TestCase("/docs/swagger-ui.css")]
    [TestCase("/api/v1/orders/count")]
    [TestCase("/api/v1/orders/sample")]
    [TestCase("/api/v1/orders/pages")]
    [TestCase("/api/v1/orders/stream?page_size=2")]
    [TestCase("/api/v1/orders/1")]
    [TestCase("/api/v1/orders/0")]
    [TestCase("/api/v1/orders/77")]
    [TestCase("/api/v1/orders/x")]
    [TestCase("/nope")]
    public async Task HEAD_answers_as_GET_does_without_a_body(string path)
    {
        RunningApi.Answer get = await _api.GetAsync(path);
        using var request = new HttpRequestMessage(HttpMethod.Head, path);
        RunningApi.Answer head = await _api.SendAsync(request);
        Assert.That((head.Status, head.ContentType, head.Body), Is.EqualTo((get.Status, get.ContentType, "")));
        Assert.That(head.Headers.GetValueOrDefault("Cache-Control"), Is.EqualTo(get.Headers.GetValueOrDefault("Cache-Control")));
    }
}
