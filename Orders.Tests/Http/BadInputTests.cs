using System.Text;
using Orders.Tests.Support;

namespace Orders.Tests.Http;

/// <summary>Bad input, against a database that does not exist: an answer of 4xx proves that none was asked.</summary>
internal sealed class BadInputTests
{
    private static readonly string LargeBody = $$"""{"o_orderstatus":"F","note":"{{new string('a', 2_000_000)}}"}""";
    private static readonly string DeepBody = $$"""{"o_orderstatus":"F","note":{{new string('[', 5000)}}{{new string(']', 5000)}}}""";

    private RunningApi _api = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => _api = await RunningApi.StartAsync("Host=127.0.0.1;Port=1;Username=nobody;Database=nowhere");

    [OneTimeTearDown]
    public async Task StopAsync() => await _api.DisposeAsync();

    [TestCase("stream?cursor=-1", "cursor")]
    [TestCase("stream?cursor=9223372036854775808", "cursor")]
    [TestCase("stream?cursor=%00", "cursor")]
    [TestCase("stream?cursor=+1", "cursor")]
    [TestCase("stream?cursor=1%20", "cursor")]
    [TestCase("stream?cursor=0x10", "cursor")]
    [TestCase("stream?cursor=%D9%A1", "cursor")]
    [TestCase("stream?cursor=1&cursor=2", "cursor")]
    [TestCase("stream?page_size=0", "page_size")]
    [TestCase("stream?page_size=1001", "page_size")]
    [TestCase("stream?page_size=1e3", "page_size")]
    [TestCase("stream?page_size=1.0", "page_size")]
    [TestCase("stream?page_size=", "page_size")]
    [TestCase("stream?page_size", "page_size")]
    [TestCase("stream?page_size=10&page_size=10", "page_size")]
    [TestCase("pages?page_size=-5", "page_size")]
    [TestCase("pages?page=0", "page")]
    [TestCase("pages?page=-1", "page")]
    [TestCase("pages?page=2147483648", "page")]
    [TestCase("pages?page=one", "page")]
    [TestCase("pages?page=%FF", "page")]
    [TestCase("pages?include_count=", "include_count")]
    [TestCase("pages?include_count=yes", "include_count")]
    [TestCase("pages?include_count=2", "include_count")]
    [TestCase("abc", "order_key")]
    [TestCase("1.5", "order_key")]
    [TestCase("1e3", "order_key")]
    [TestCase("+1", "order_key")]
    [TestCase("%2B1", "order_key")]
    [TestCase("%201", "order_key")]
    [TestCase("1%20", "order_key")]
    [TestCase("--1", "order_key")]
    [TestCase("-", "order_key")]
    [TestCase("9223372036854775808", "order_key")]
    [TestCase("-9223372036854775809", "order_key")]
    [TestCase("99999999999999999999999999999999999999", "order_key")]
    [TestCase("%F0%9F%92%A3", "order_key")]
    public async Task A_bad_parameter_is_named_and_explained(string path, string name)
    {
        RunningApi.Answer answer = await _api.GetAsync($"/api/v1/orders/{path}");
        AssertValidation(answer, name);
    }

    [Test]
    public async Task Every_bad_parameter_is_named_at_once()
    {
        RunningApi.Answer answer = await _api.GetAsync("/api/v1/orders/pages?page=0&page_size=x&include_count=maybe");
        Assert.That(
            answer.Json.GetProperty("errors").EnumerateObject().Select(error => error.Name),
            Is.EquivalentTo(new[] { "page", "page_size", "include_count" }));
    }

    [TestCase("""{"o_orderstatus":"X"}""", "o_orderstatus")]
    [TestCase("""{"o_orderstatus":"f"}""", "o_orderstatus")]
    [TestCase("""{"o_orderstatus":""}""", "o_orderstatus")]
    [TestCase("""{"o_orderstatus":" F"}""", "o_orderstatus")]
    [TestCase("""{"o_orderstatus":null}""", "o_orderstatus")]
    [TestCase("""{"o_orderstatus":1}""", "o_orderstatus")]
    [TestCase("""{"o_orderstatus":["F"]}""", "o_orderstatus")]
    [TestCase("""{"o_orderstatus":{}}""", "o_orderstatus")]
    [TestCase("""{"o_orderstatus":"F","o_orderstatus":"O"}""", "o_orderstatus")]
    [TestCase("""{"o_orderstatus":"F\u0000"}""", "o_orderstatus")]
    [TestCase("""{"O_OrderStatus":"F"}""", "o_orderstatus")]
    [TestCase("{}", "o_orderstatus")]
    [TestCase("", "body")]
    [TestCase("null", "body")]
    [TestCase("[]", "body")]
    [TestCase("\"F\"", "body")]
    [TestCase("{", "body")]
    [TestCase("{\"o_orderstatus\":\"F\"", "body")]
    [TestCase("{\"o_orderstatus\":\"F\"} {}", "body")]
    [TestCase("{'o_orderstatus':'F'}", "body")]
    [TestCase("o_orderstatus=F", "body")]
    [TestCase("{\"o_orderstatus\":\"F\"}x", "body")]
    [TestCase("\u00a0{\"o_orderstatus\":\"F\"}", "body")]
    [TestCase("\ufeff", "body")]
    public async Task A_bad_body_is_named_and_explained(string body, string name) =>
        AssertValidation(await _api.PostStatusAsync(1, body), name);

    [Test]
    public async Task A_deeply_nested_body_is_refused() => AssertValidation(await _api.PostStatusAsync(1, DeepBody), "body");

    [Test]
    public async Task Text_that_is_not_UTF_8_is_refused()
    {
        using var content = new ByteArrayContent([.. "{\"o_orderstatus\":\"F"u8, 0xff, 0xfe, .. "\"}"u8]);
        content.Headers.TryAddWithoutValidation("Content-Type", "application/json");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/orders/1/status") { Content = content };
        AssertValidation(await _api.SendAsync(request), "o_orderstatus");
    }

    [TestCase("abc")]
    [TestCase("9223372036854775808")]
    [TestCase("+1")]
    public async Task A_bad_key_of_a_change_is_named_and_explained(string key) =>
        AssertValidation(await _api.PostStatusAsync(key, """{"o_orderstatus":"F"}"""), "order_key");

    [TestCase("0")]
    [TestCase("-7")]
    public async Task A_key_of_zero_or_less_can_not_be_changed(string key)
    {
        RunningApi.Answer answer = await _api.PostStatusAsync(key, """{"o_orderstatus":"F"}""");
        Assert.That((answer.Status, answer.Code, answer.Detail), Is.EqualTo((400, "invalid_order_key", "Invalid order key provided")));
    }

    [Test]
    public async Task No_body_at_all_is_a_missing_body()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/orders/1/status");
        AssertValidation(await _api.SendAsync(request), "body");
    }

    [TestCase("text/plain")]
    [TestCase("application/x-www-form-urlencoded")]
    [TestCase("application/xml")]
    [TestCase("multipart/form-data; boundary=x")]
    [TestCase("application/json; charset=utf-16")]
    [TestCase("application/json; charset=latin1")]
    [TestCase("application/json; charset=nonsense")]
    [TestCase("nonsense")]
    public async Task A_body_that_is_not_JSON_by_its_type_is_refused(string contentType)
    {
        RunningApi.Answer answer = await _api.PostStatusAsync(1, """{"o_orderstatus":"F"}""", contentType);
        AssertProblem(answer, 415, "unsupported_media_type");
    }

    [Test]
    public async Task A_body_that_is_packed_is_refused()
    {
        using var content = new StringContent("""{"o_orderstatus":"F"}""", Encoding.UTF8, "application/json");
        content.Headers.ContentEncoding.Add("gzip");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/orders/1/status") { Content = content };
        AssertProblem(await _api.SendAsync(request), 415, "unsupported_media_type");
    }

    [Test]
    public async Task A_chunked_body_of_no_bytes_is_a_missing_body()
    {
        using var content = new StringContent("", Encoding.UTF8, "application/json");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/orders/1/status") { Content = content };
        request.Headers.TransferEncodingChunked = true;
        AssertValidation(await _api.SendAsync(request), "body");
    }

    [TestCase("multipart/form-data; boundary=x")]
    [TestCase("application/x-www-form-urlencoded")]
    public async Task The_body_of_a_read_means_nothing(string contentType)
    {
        using var content = new StringContent(new string('a', 10_000));
        content.Headers.Remove("Content-Type");
        content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/orders/0") { Content = content };
        AssertProblem(await _api.SendAsync(request), 400, "invalid_order_key");
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task A_body_beyond_16_KiB_is_refused(bool chunked)
    {
        using var content = new StringContent(LargeBody, Encoding.UTF8, "application/json");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/orders/1/status") { Content = content };
        request.Headers.TransferEncodingChunked = chunked;
        request.Headers.ExpectContinue = true;
        AssertProblem(await _api.SendAsync(request), 413, "payload_too_large");
    }

    [TestCase("/nope")]
    [TestCase("/api/v1")]
    [TestCase("/api/v1/order")]
    [TestCase("/api/v2/orders/1")]
    [TestCase("/api/v1/orders/1/status/x")]
    public async Task An_unknown_path_is_not_found(string path) => AssertProblem(await _api.GetAsync(path), 404, "not_found");

    [TestCase("DELETE", "/api/v1/orders/1", "GET, HEAD")]
    [TestCase("POST", "/api/v1/orders/count", "GET, HEAD")]
    [TestCase("PUT", "/api/v1/orders/pages", "GET, HEAD")]
    [TestCase("PATCH", "/api/v1/orders/stream", "GET, HEAD")]
    [TestCase("POST", "/api/v1/orders/sample", "GET, HEAD")]
    [TestCase("POST", "/api/v1/healthcheck", "GET, HEAD")]
    [TestCase("POST", "/", "GET, HEAD")]
    [TestCase("POST", "/docs", "GET, HEAD")]
    [TestCase("PUT", "/docs/index.html", "GET, HEAD")]
    [TestCase("POST", "/docs/page.js", "GET, HEAD")]
    [TestCase("POST", "/openapi.json", "GET, HEAD")]
    [TestCase("DELETE", "/openapi/v3.1.json", "GET, HEAD")]
    [TestCase("GET", "/api/v1/orders/1/status", "POST")]
    public async Task A_wrong_method_is_refused_with_those_that_are_right(string method, string path, string allowed)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        RunningApi.Answer answer = await _api.SendAsync(request);
        AssertProblem(answer, 405, "method_not_allowed");
        Assert.That(answer.Headers["Allow"], Is.EqualTo(allowed));
    }

    private static void AssertProblem(RunningApi.Answer answer, int status, string code)
    {
        Assert.That((answer.Status, answer.ContentType), Is.EqualTo((status, "application/problem+json")), answer.Body);
        Assert.That((answer.Code, answer.Json.GetProperty("status").GetInt32()), Is.EqualTo((code, status)));
        Assert.That(answer.Detail, Is.Not.Empty);
        Assert.That(answer.Body, Does.Not.Contain("System.").And.Not.Contain("Orders."));
    }

    private static void AssertValidation(RunningApi.Answer answer, string name)
    {
        AssertProblem(answer, 422, "validation_failed");
        Assert.That(answer.Json.GetProperty("errors").GetProperty(name).EnumerateArray().Select(message => message.GetString()), Is.All.Not.Empty);
        Assert.That(answer.Json.GetProperty("errors").EnumerateObject().Count(), Is.EqualTo(1));
        Assert.That(answer.Detail, Does.StartWith(name));
    }
}
