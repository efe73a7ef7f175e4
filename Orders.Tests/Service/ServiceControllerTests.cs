using System.Globalization;
using Orders.Tests.Support;

namespace Orders.Tests.Service;

internal sealed class ServiceControllerTests
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

    [Test]
    public async Task The_root_tells_a_client_where_the_documentation_is()
    {
        RunningApi.Answer answer = await _api.GetAsync("/");
        Assert.That((answer.Status, answer.Json.EnumerateObject().Select(member => member.Name)), Is.EqualTo((200, new[] { "app", "message", "docs" })));
        Assert.That(answer.Json.GetProperty("docs").GetString(), Is.EqualTo("/docs"));
    }

    [Test]
    public async Task The_root_leads_a_browser_to_the_documentation()
    {
        RunningApi.Answer answer = await _api.GetAsync("/", ("Accept", "text/html,application/xhtml+xml,*/*;q=0.8"));
        Assert.That((answer.Status, answer.Headers["Location"]), Is.EqualTo((302, "docs")));
        Assert.That(answer.Headers["Vary"], Is.EqualTo("Accept"));
    }

    [TestCase("text/html;q=0, application/json")]
    [TestCase("application/xml")]
    [TestCase("*/*")]
    public async Task The_root_is_JSON_for_who_takes_no_HTML(string accept)
    {
        RunningApi.Answer answer = await _api.GetAsync("/", ("Accept", accept));
        Assert.That((answer.Status, answer.ContentType), Is.EqualTo((200, "application/json; charset=utf-8")));
    }

    [Test]
    public async Task The_healthcheck_answers_with_the_time_in_UTC()
    {
        RunningApi.Answer answer = await _api.GetAsync("/api/v1/healthcheck");
        string timestamp = answer.Json.GetProperty("timestamp").GetString()!;
        Assert.That(answer.Json.GetProperty("status").GetString(), Is.EqualTo("OK"));
        Assert.That(timestamp, Does.Match(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$"));
        Assert.That(DateTimeOffset.Parse(timestamp, CultureInfo.InvariantCulture), Is.EqualTo(DateTimeOffset.UtcNow).Within(TimeSpan.FromMinutes(1)));
    }

    [TestCase("/health/live", """{"status":"live"}""")]
    [TestCase("/health/ready", """{"status":"ready"}""")]
    public async Task A_service_in_order_is_live_and_ready(string path, string body)
    {
        RunningApi.Answer answer = await _api.GetAsync(path);
        Assert.That((answer.Status, answer.Body), Is.EqualTo((200, body)));
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

    [Test]
    public async Task A_sample_is_five_distinct_keys_of_existing_orders_or_all_when_there_are_fewer()
    {
        RunningApi.Answer answer = await _api.GetAsync("/api/v1/orders/sample");
        Assert.That(answer.Json.GetProperty("sample_order_keys").EnumerateArray().Select(key => key.GetInt64()), Is.EquivalentTo(new long[] { 1, 2, 3 }));
    }
}
