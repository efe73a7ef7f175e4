using System.Text.Json;
using Orders.Api.Http;
using Orders.Tests.Support;

namespace Orders.Tests.Service;

/// <summary>The errors, explained to programs and to people, and found by the problem documents themselves.</summary>
internal sealed class ProblemsControllerTests
{
    private RunningApi _api = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => _api = await RunningApi.StartAsync("Host=127.0.0.1;Port=1;Database=none;Username=none");

    [OneTimeTearDown]
    public async Task StopAsync() => await _api.DisposeAsync();

    [Test]
    public async Task The_type_of_a_problem_document_leads_to_its_explanation()
    {
        RunningApi.Answer problem = await _api.GetAsync("/api/v1/orders/0");
        string type = JsonDocument.Parse(problem.Body).RootElement.GetProperty("type").GetString()!;
        RunningApi.Answer explained = await _api.GetAsync(type);
        Assert.That((explained.Status, explained.ContentType), Is.EqualTo((200, "application/json")));
        JsonElement kind = JsonDocument.Parse(explained.Body).RootElement;
        Assert.That((kind.GetProperty("code").GetString(), kind.GetProperty("status").GetInt32()), Is.EqualTo(("invalid_order_key", 400)));
    }

    [Test]
    public async Task All_are_listed()
    {
        JsonElement list = JsonDocument.Parse((await _api.GetAsync("/problems")).Body).RootElement.GetProperty("problems");
        Assert.That(list.EnumerateArray().Select(kind => kind.GetProperty("code").GetString()), Is.EqualTo(ErrorKinds.All.Select(kind => kind.Code)));
    }

    [TestCase("/problems")]
    [TestCase("/problems/order_not_found")]
    public async Task A_browser_gets_a_page(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("Accept", "text/html,application/xhtml+xml,*/*;q=0.8");
        using HttpResponseMessage answer = await _api.Client.SendAsync(request);
        string page = await answer.Content.ReadAsStringAsync();
        Assert.That(answer.Content.Headers.ContentType?.ToString(), Is.EqualTo("text/html; charset=utf-8"));
        Assert.That(answer.Headers.Vary, Does.Contain("Accept"));
        Assert.That(page, Does.Contain("<code>order_not_found</code>").And.Contain("There is no order with this key."));
    }

    [TestCase("/problems/no_such_code")]
    [TestCase("/problems/%3Cscript%3E")]
    public async Task A_code_that_does_not_exist_is_not_found(string path)
    {
        RunningApi.Answer answer = await _api.GetAsync(path);
        Assert.That((answer.Status, answer.Code), Is.EqualTo((404, "not_found")));
    }

    [TestCase("/health/live", 200)]
    [TestCase("/openapi.json", 200)]
    [TestCase("/docs/page.js", 200)]
    [TestCase("/docs/index.html", 200)]
    [TestCase("/nope", 404)]
    [TestCase("/api/v1/orders/0", 400)]
    [TestCase("/api/v1/orders/x", 422)]
    [TestCase("/api/v1/orders/1", 503)]
    public async Task Each_answer_has_the_trace_id_that_the_client_began(string path, int status)
    {
        const string Trace = "4bf92f3577b34da6a3ce929d0e0e4736";
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("traceparent", $"00-{Trace}-00f067aa0ba902b7-01");
        using HttpResponseMessage answer = await _api.Client.SendAsync(request);
        Assert.That(((int)answer.StatusCode, answer.Headers.GetValues("Trace-Id").Single()), Is.EqualTo((status, Trace)));
        string body = await answer.Content.ReadAsStringAsync();
        Assert.That(status < 400 || JsonDocument.Parse(body).RootElement.GetProperty("trace_id").GetString() == Trace);
    }
}
