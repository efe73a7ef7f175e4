using System.Net;
using System.Net.Sockets;
using System.Text;
using Orders.Tests.Support;

namespace Orders.Tests.Http;

/// <summary>
/// Bodies that are not what their headers say, come slowly, or that nobody reads; against a database that does not exist: an answer of
/// 4xx proves that none was asked.
/// </summary>
internal sealed class BodyTests
{
    private const string Status = "/api/v1/orders/1/status";
    private const string NoDatabase = "Host=127.0.0.1;Port=1;Username=nobody;Database=nowhere";
    private const string Good = """{"o_orderstatus":"F"}""";

    private RunningApi _api = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => _api = await RunningApi.StartAsync(NoDatabase);

    [OneTimeTearDown]
    public async Task StopAsync() => await _api.DisposeAsync();

    [TestCase("FFFFFFFF\r\n{}")]
    [TestCase("7FFFFFFFFFFFFFFF\r\n{}")]
    [TestCase("80000000\r\n{}")]
    [TestCase("-1\r\n{}")]
    [TestCase("+2\r\n{}")]
    [TestCase("0x2\r\n{}\r\n0\r\n\r\n")]
    [TestCase("g\r\n{}\r\n0\r\n\r\n")]
    [TestCase("\r\n{}\r\n0\r\n\r\n")]
    [TestCase("2\n{}\n0\n\n")]
    [TestCase("2\r\n{}}\r\n0\r\n\r\n")]
    [TestCase("1\r\n{}\r\n0\r\n\r\n")]
    public async Task A_chunk_that_can_not_be_is_a_bad_request(string chunks)
    {
        using RawConnection connection = await OpenAsync(_api);
        await connection.SendAsync($"{Head("POST", Status)}Transfer-Encoding: chunked\r\n\r\n{chunks}");
        RawConnection.RawAnswer? answer = await connection.ReadAsync();
        ProblemAssert.IsProblem(answer, 400, "bad_request");
        Assert.That(answer!.Closes, Is.True);
        Assert.That(await connection.EndsAsync(), Is.True);
    }

    [Test]
    public async Task A_body_that_ends_early_is_a_bad_request()
    {
        using RawConnection connection = await OpenAsync(_api);
        await connection.SendAsync($"{Head("POST", Status)}Content-Length: 100\r\n\r\n{{");
        connection.EndSending();
        RawConnection.RawAnswer? answer = await connection.ReadAsync();
        if (answer is not null)
        {
            ProblemAssert.IsProblem(answer, 400, "bad_request");
        }
    }

    /// <summary>Kestrel cuts off what is below its rate; a body above that has the time of its request.</summary>
    [TestCase("--Kestrel:Limits:MinRequestBodyDataRate=", "--Orders:RequestTimeout=0.5")]
    [TestCase("--Kestrel:Limits:MinRequestBodyDataRate:GracePeriod=1.1", "--Orders:RequestTimeout=60")]
    public async Task A_body_that_stops_is_a_request_timeout(params string[] settings)
    {
        await using RunningApi api = await RunningApi.StartAsync(NoDatabase, settings);
        foreach (string length in new[] { "Content-Length: 100\r\n\r\n{", "Transfer-Encoding: chunked\r\n\r\n64\r\n{", "Transfer-Encoding: chunked\r\n\r\n6", "Content-Length: 100\r\n\r\n" })
        {
            using RawConnection connection = await OpenAsync(api);
            await connection.SendAsync(Head("POST", Status) + length);
            RawConnection.RawAnswer? answer = await connection.ReadAsync();
            ProblemAssert.IsProblem(answer, 408, "request_timeout");
            Assert.That(answer!.Closes, Is.True);
        }
    }

    [Test]
    public async Task A_body_that_trickles_is_a_request_timeout()
    {
        await using RunningApi api = await RunningApi.StartAsync(NoDatabase, "--Orders:RequestTimeout=1");
        using RawConnection connection = await OpenAsync(api);
        await connection.SendAsync($"{Head("POST", Status)}Content-Length: 16000\r\n\r\n{{");
        Task<RawConnection.RawAnswer?> answer = connection.ReadAsync();
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!answer.IsCompleted && await pace.WaitForNextTickAsync())
        {
            try
            {
                await connection.SendAsync("         ");
            }
            catch (SocketException)
            {
                // The answer has come, and the connection has ended after it.
                break;
            }
        }

        ProblemAssert.IsProblem(await answer, 408, "request_timeout");
    }

    [Test]
    public async Task A_body_that_stops_ends_its_stream_of_HTTP_2_alone()
    {
        await using RunningApi api = await RunningApi.StartAsync(
            NoDatabase, "--Kestrel:EndpointDefaults:Protocols=Http2", "--Orders:RequestTimeout=0.5", "--Kestrel:Limits:MinRequestBodyDataRate:GracePeriod=10");
        var stops = new TaskCompletionSource();
        using var content = new PausedContent(stops.Task);
        using HttpRequestMessage slow = Http2(HttpMethod.Post, Status);
        slow.Content = content;
        using HttpResponseMessage answer = await api.Client.SendAsync(slow);
        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.RequestTimeout));
        ProblemAssert.IsProblem(await answer.Content.ReadAsStringAsync(), 408, "request_timeout");
        using HttpRequestMessage next = Http2(HttpMethod.Get, "/health/live");
        using HttpResponseMessage alive = await api.Client.SendAsync(next);
        Assert.That(alive.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        stops.SetResult();
    }

    [Test]
    public async Task A_large_body_that_nobody_reads_is_no_matter_for_HTTP_2()
    {
        await using RunningApi api = await RunningApi.StartAsync(NoDatabase, "--Kestrel:EndpointDefaults:Protocols=Http2");
        foreach ((string method, string path, int status) in new[] { ("POST", "/nope", 404), ("DELETE", Status, 405), ("POST", Status, 413), ("GET", "/health/live", 200) })
        {
            using HttpRequestMessage request = Http2(new HttpMethod(method), path);
            request.Content = method == "GET" ? null : new StringContent(new string('a', 1_000_000), Encoding.UTF8, "application/json");
            using HttpResponseMessage answer = await api.Client.SendAsync(request);
            Assert.That((int)answer.StatusCode, Is.EqualTo(status));
        }
    }

    [Test]
    public async Task An_answer_that_leaves_a_large_body_unread_announces_the_end_of_the_connection(
        [Values("404 POST /nope", "405 DELETE /api/v1/orders/1/status", "405 POST /", "413 POST /api/v1/orders/1/status", "415 POST /api/v1/orders/1/status", "400 GET /api/v1/orders/0", "200 GET /health/live")] string request,
        [Values] bool chunked)
    {
        string[] parts = request.Split(' ');
        using RawConnection connection = await OpenAsync(_api);
        string body = new('a', 200_000);
        await connection.SendAsync(
            $"{parts[1]} {parts[2]} HTTP/1.1\r\nHost: localhost\r\nContent-Type: {(parts[0] == "415" ? "text/plain" : "application/json")}\r\n"
            + (chunked ? $"Transfer-Encoding: chunked\r\n\r\n{body.Length:x}\r\n{body}\r\n0\r\n\r\n" : $"Content-Length: {body.Length}\r\n\r\n{body}")
            + Head("GET", "/health/live") + "\r\n");
        RawConnection.RawAnswer? answer = await connection.ReadAsync();
        Assert.That((answer?.Status, answer?.Closes), Is.EqualTo((int.Parse(parts[0]), true)));
        Assert.That(await connection.EndsAsync(), Is.True);
    }

    [Test]
    public async Task JSON_that_is_wrong_early_in_a_large_body_announces_the_end_of_the_connection()
    {
        using RawConnection connection = await OpenAsync(_api);
        string rest = new('a', 100_000);
        await connection.SendAsync(Head("POST", Status) + "Transfer-Encoding: chunked\r\n\r\n5\r\n{x:1}\r\n" + $"{rest.Length:x}\r\n{rest}\r\n0\r\n\r\n");
        RawConnection.RawAnswer? answer = await connection.ReadAsync();
        Assert.That((answer?.Status, answer?.Closes), Is.EqualTo((422, true)).Or.EqualTo((413, true)));
    }

    [TestCase("POST", "/nope", 404)]
    [TestCase("DELETE", Status, 405)]
    [TestCase("POST", "/api/v1/orders/0/status", 400)]
    public async Task A_small_body_that_nobody_reads_leaves_the_connection_open(string method, string path, int status)
    {
        using RawConnection connection = await OpenAsync(_api);
        for (int i = 0; i < 3; i++)
        {
            await connection.SendAsync($"{Head(method, path)}Content-Length: {Good.Length}\r\n\r\n{Good}{Head("GET", "/health/live")}\r\n");
            RawConnection.RawAnswer? answer = await connection.ReadAsync();
            Assert.That((answer?.Status, answer?.Closes), Is.EqualTo((status, false)));
            Assert.That((await connection.ReadAsync())?.Status, Is.EqualTo(200));
        }
    }

    [Test]
    public async Task A_body_that_waits_to_be_asked_for_and_is_not_ends_the_connection()
    {
        using RawConnection connection = await OpenAsync(_api);
        await connection.SendAsync($"{Head("POST", "/nope")}Expect: 100-continue\r\nContent-Length: 21\r\n\r\n");
        RawConnection.RawAnswer? answer = await connection.ReadAsync();
        Assert.That((answer?.Status, answer?.Closes), Is.EqualTo((404, true)));
    }

    [Test]
    public async Task A_body_that_is_read_leaves_the_connection_open()
    {
        using RawConnection connection = await OpenAsync(_api);
        string body = """{"o_orderstatus":"X"}""";
        for (int i = 0; i < 3; i++)
        {
            await connection.SendAsync($"{Head("POST", Status)}Transfer-Encoding: chunked\r\n\r\n{body.Length:x}\r\n{body}\r\n0\r\n\r\n");
            RawConnection.RawAnswer? answer = await connection.ReadAsync();
            Assert.That((answer?.Status, answer?.Closes), Is.EqualTo((422, false)));
        }
    }

    private static Task<RawConnection> OpenAsync(RunningApi api) => RawConnection.OpenAsync(api.Client.BaseAddress!);

    private static string Head(string method, string path) => $"{method} {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n";

    private static HttpRequestMessage Http2(HttpMethod method, string path) =>
        new(method, path) { Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact };

    /// <summary>Begins, and does not go on.</summary>
    private sealed class PausedContent : HttpContent
    {
        private readonly Task _goesOn;

        public PausedContent(Task goesOn)
        {
            _goesOn = goesOn;
            Headers.ContentType = new("application/json");
        }

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.WriteAsync("{"u8.ToArray());
            await stream.FlushAsync();
            await _goesOn;
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
