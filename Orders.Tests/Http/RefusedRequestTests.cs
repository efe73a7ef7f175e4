using Orders.Tests.Support;

namespace Orders.Tests.Http;

/// <summary>What Kestrel refuses before the application sees it.</summary>
internal sealed class RefusedRequestTests
{
    private const string Host = "Host: localhost\r\n";

    private RunningApi _api = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => _api = await RunningApi.StartAsync(
        "Host=127.0.0.1;Port=1;Username=nobody;Database=nowhere", "--Kestrel:Limits:RequestHeadersTimeout=1");

    [OneTimeTearDown]
    public async Task StopAsync() => await _api.DisposeAsync();

    [TestCaseSource(nameof(Refused))]
    public async Task It_is_answered_with_a_problem_document(string request, int status, string code)
    {
        using RawConnection connection = await RawConnection.OpenAsync(_api.Client.BaseAddress!);
        await connection.SendAsync(request);
        await AssertRefusedAsync(connection, status, code);
    }

    [TestCaseSource(nameof(Refused))]
    public async Task Also_behind_other_requests(string request, int status, string code)
    {
        using RawConnection connection = await RawConnection.OpenAsync(_api.Client.BaseAddress!);
        await connection.SendAsync($"GET /health/live HTTP/1.1\r\n{Host}\r\nGET /nope HTTP/1.1\r\n{Host}\r\n{request}");
        Assert.That((await connection.ReadAsync())?.Status, Is.EqualTo(200));
        Assert.That((await connection.ReadAsync())?.Status, Is.EqualTo(404));
        await AssertRefusedAsync(connection, status, code);
    }

    [TestCase("GET /health/live HTTP/1.1\r\nHost: loc")]
    [TestCase("GET /heal")]
    [TestCase("G")]
    public async Task Headers_that_stop_are_a_request_timeout(string request)
    {
        using RawConnection connection = await RawConnection.OpenAsync(_api.Client.BaseAddress!);
        await connection.SendAsync(request);
        await AssertRefusedAsync(connection, 408, "request_timeout");
    }

    [Test]
    public async Task HEAD_has_the_headers_alone()
    {
        using RawConnection connection = await RawConnection.OpenAsync(_api.Client.BaseAddress!);
        await connection.SendAsync("HEAD /health/live HTTP/1.1\r\n\r\n");
        RawConnection.RawAnswer? answer = await connection.ReadAsync(toHead: true);
        Assert.That((answer?.Status, answer?.Headers.GetValueOrDefault("Content-Type")), Is.EqualTo((400, "application/problem+json")));
        Assert.That(await connection.EndsAsync(), Is.True);
    }

    /// <summary>It waits for frames, and Kestrel sends it one that says so (GOAWAY, HTTP_1_1_REQUIRED).</summary>
    [Test]
    public async Task A_client_that_begins_with_HTTP_2_is_told_in_its_own_terms()
    {
        using RawConnection connection = await RawConnection.OpenAsync(_api.Client.BaseAddress!);
        await connection.SendAsync("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
        byte[] frame = new byte[17];
        int read = 0;
        while (read < frame.Length && await connection.Socket.ReceiveAsync(frame.AsMemory(read)) is > 0 and int part)
        {
            read += part;
        }

        Assert.That((read, frame[3], frame[16]), Is.EqualTo((17, 7, 13)));
    }

    /// <summary>The trace id of the document is that of the line.</summary>
    [Test]
    public async Task It_is_in_the_log()
    {
        using ApiProcess process = ApiProcess.Start("Production", "--ConnectionStrings:Orders=Host=127.0.0.1;Port=1", "--urls=http://127.0.0.1:0");
        using RawConnection connection = await RawConnection.OpenAsync(await process.ListeningAsync());
        await connection.SendAsync("GET / HTTP/9.9\r\n\r\n");
        RawConnection.RawAnswer? answer = await connection.ReadAsync();
        await process.LineAsync(System.Text.Json.JsonDocument.Parse(answer!.Body).RootElement.GetProperty("trace_id").GetString()!);
        Assert.That(process.Output, Does.Contain("\"StatusCode\":505").And.Not.Contain("   at "));
    }

    private static async Task AssertRefusedAsync(RawConnection connection, int status, string code)
    {
        RawConnection.RawAnswer? answer = await connection.ReadAsync();
        ProblemAssert.IsProblem(answer, status, code);
        Assert.That((answer!.Closes, answer.Headers.GetValueOrDefault("Cache-Control")), Is.EqualTo((true, "no-store")));
        Assert.That(await connection.EndsAsync(), Is.True);
    }

    private static IEnumerable<TestCaseData> Refused()
    {
        yield return Case("nonsense", "nonsense\r\n\r\n", 400, "bad_request");
        yield return Case("binary", "\u0001\u0002\u0003\u0000\r\n\r\n", 400, "bad_request");
        yield return Case("no host", "GET / HTTP/1.1\r\n\r\n", 400, "bad_request");
        yield return Case("two hosts", $"GET / HTTP/1.1\r\n{Host}{Host}\r\n", 400, "bad_request");
        yield return Case("bad host", "GET / HTTP/1.1\r\nHost: a b\r\n\r\n", 400, "bad_request");
        yield return Case("header without a name", $"GET / HTTP/1.1\r\n{Host}: x\r\n\r\n", 400, "bad_request");
        yield return Case("folded header", $"GET / HTTP/1.1\r\n{Host}A: 1\r\n 2\r\n\r\n", 400, "bad_request");
        yield return Case("zero in a header", $"GET / HTTP/1.1\r\n{Host}A: \u0000\r\n\r\n", 400, "bad_request");
        yield return Case("zero in the path", $"GET /%00 HTTP/1.1\r\n{Host}\r\n", 400, "bad_request");
        yield return Case("two lengths", $"POST / HTTP/1.1\r\n{Host}Content-Length: 1\r\nContent-Length: 2\r\n\r\n", 400, "bad_request");
        yield return Case("bad length", $"POST / HTTP/1.1\r\n{Host}Content-Length: -1\r\n\r\n", 400, "bad_request");
        yield return Case("unknown coding", $"POST / HTTP/1.1\r\n{Host}Transfer-Encoding: gzip\r\n\r\n", 400, "bad_request");
        yield return Case("post without a length", $"POST / HTTP/1.0\r\n{Host}\r\n", 400, "bad_request");
        yield return Case("asterisk", $"GET * HTTP/1.1\r\n{Host}\r\n", 405, "method_not_allowed");
        yield return Case("authority", $"GET localhost:80 HTTP/1.1\r\n{Host}\r\n", 405, "method_not_allowed");
        yield return Case("long line", $"GET /{new string('a', 33000)} HTTP/1.1\r\n{Host}\r\n", 414, "uri_too_long");
        yield return Case("large headers", $"GET / HTTP/1.1\r\n{Host}A: {new string('a', 40000)}\r\n\r\n", 431, "request_header_fields_too_large");
        yield return Case("many headers", $"GET / HTTP/1.1\r\n{Host}{string.Concat(Enumerable.Range(0, 200).Select(i => $"A{i}: 1\r\n"))}\r\n", 431, "request_header_fields_too_large");
        yield return Case("version", $"GET / HTTP/1.2\r\n{Host}\r\n", 505, "http_version_not_supported");
    }

    private static TestCaseData Case(string name, string request, int status, string code) =>
        new TestCaseData(request, status, code).SetArgDisplayNames(name);
}
