using Orders.Tests.Support;

namespace Orders.Tests.Http;

/// <summary>Headers that protect: on every answer, and from whoever sits between.</summary>
internal sealed class AnswerHeaderTests
{
    private TestDatabase _database = null!;
    private RunningApi _api = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _database = await TestDatabase.CreateAsync(1, 2, 3);
        _api = await RunningApi.StartAsync(_database.ConnectionString, "--AllowedHosts=localhost;orders.example");
        _api.Client.DefaultRequestHeaders.Host = "localhost";
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        await _api.DisposeAsync();
        await _database.DisposeAsync();
    }

    [TestCase("GET", "/", 200)]
    [TestCase("HEAD", "/", 200)]
    [TestCase("GET", "/health/live", 200)]
    [TestCase("GET", "/health/ready", 200)]
    [TestCase("GET", "/api/v1/healthcheck", 200)]
    [TestCase("GET", "/api/v1/orders/1", 200)]
    [TestCase("HEAD", "/api/v1/orders/1", 200)]
    [TestCase("HEAD", "/api/v1/orders/99", 404)]
    [TestCase("GET", "/api/v1/orders/0", 400)]
    [TestCase("GET", "/api/v1/orders/x", 422)]
    [TestCase("POST", "/api/v1/orders/1/status", 422)]
    [TestCase("DELETE", "/api/v1/orders/1", 405)]
    [TestCase("GET", "/nope", 404)]
    [TestCase("GET", "/openapi.json", 200)]
    [TestCase("GET", "/docs", 302)]
    [TestCase("GET", "/docs/index.html", 200)]
    [TestCase("GET", "/docs/page.js", 200)]
    public async Task No_answer_may_be_taken_for_another_type(string method, string path, int status)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        RunningApi.Answer answer = await _api.SendAsync(request);
        Assert.That(answer.Status, Is.EqualTo(status).Or.EqualTo(path == "/docs" ? 301 : status));
        Assert.That(answer.Headers.GetValueOrDefault("X-Content-Type-Options"), Is.EqualTo("nosniff"));
    }

    [TestCase("/openapi.json")]
    [TestCase("/docs/page.js")]
    public async Task An_unchanged_document_has_the_header_too(string path)
    {
        RunningApi.Answer first = await _api.GetAsync(path);
        RunningApi.Answer again = await _api.GetAsync(path, ("If-None-Match", first.Headers["ETag"]));
        Assert.That((again.Status, again.Headers.GetValueOrDefault("X-Content-Type-Options")), Is.EqualTo((304, "nosniff")));
    }

    [Test]
    public async Task A_failure_has_the_header_too()
    {
        await using RunningApi api = await RunningApi.StartAsync("Host=127.0.0.1;Port=1;Username=nobody;Database=nowhere");
        RunningApi.Answer answer = await api.GetAsync("/api/v1/orders/1");
        Assert.That((answer.Status, answer.Headers.GetValueOrDefault("X-Content-Type-Options")), Is.EqualTo((503, "nosniff")));
    }

    [TestCase("/api/v1/orders/1", "private, no-cache")]
    [TestCase("/api/v1/orders/sample", "private, no-cache")]
    [TestCase("/api/v1/orders/stream", "private, no-cache")]
    [TestCase("/api/v1/orders/pages?include_count=false", "private, no-cache")]
    [TestCase("/api/v1/orders/pages", "private, no-cache, max-age=2")]
    [TestCase("/api/v1/orders/count", "private, max-age=2")]
    public async Task Orders_are_for_their_callers_cache_alone(string path, string control)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        using HttpResponseMessage answer = await _api.Client.SendAsync(request);
        Assert.That(answer.Headers.NonValidated["Cache-Control"].ToString(), Is.EqualTo(control));
    }

    [TestCase("localhost", 200)]
    [TestCase("localhost:1234", 200)]
    [TestCase("orders.example", 200)]
    [TestCase("evil.example", 400)]
    [TestCase("127.0.0.1", 400)]
    public async Task A_host_that_is_not_allowed_is_refused_in_the_form_of_every_error(string host, int status)
    {
        using RawConnection connection = await RawConnection.OpenAsync(_api.Client.BaseAddress!);
        await connection.SendAsync($"GET /health/live HTTP/1.1\r\nHost: {host}\r\n\r\n");
        RawConnection.RawAnswer? answer = await connection.ReadAsync();
        Assert.That(answer?.Status, Is.EqualTo(status));
        if (status == 400)
        {
            ProblemAssert.IsProblem(answer, 400, "host_not_allowed");
        }
    }

    /// <summary>For a host that is no local one: browsers must not be told so of those.</summary>
    [TestCase("Production", "orders.example", true)]
    [TestCase("Production", "localhost", false)]
    [TestCase("Development", "orders.example", false)]
    public async Task Where_TLS_is_ours_clients_are_told_to_use_it_always(string environment, string host, bool told)
    {
        using var certificate = new TestCertificate();
        await using RunningApi api = await RunningApi.StartAsync(
            _database.ConnectionString, "--urls=https://127.0.0.1:0", $"--environment={environment}", certificate.Setting);
        using var handler = new SocketsHttpHandler { SslOptions = certificate.Trust() };
        using var client = new HttpClient(handler) { BaseAddress = api.Client.BaseAddress, DefaultRequestHeaders = { Host = host } };
        foreach (string path in new[] { "/health/live", "/nope", "/api/v1/orders/0" })
        {
            using HttpResponseMessage answer = await client.GetAsync(new Uri(path, UriKind.Relative));
            Assert.That(answer.Headers.Contains("Strict-Transport-Security"), Is.EqualTo(told), path);
        }
    }

    [Test]
    public async Task Without_TLS_of_ours_they_are_told_nothing()
    {
        RunningApi.Answer answer = await _api.GetAsync("/health/live");
        Assert.That(answer.Headers, Does.Not.ContainKey("Strict-Transport-Security"));
    }
}
