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
        Assert.That((answer.Status, answer.ContentType), Is.EqualTo((200, "application/json")));
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
}
