using System.IO.Compression;
using System.Net;
using System.Text.Json;
using Orders.Tests.Support;

namespace Orders.Tests.Http;

/// <summary>Large answers are compressed for clients that accept it, and nothing changes for the others.</summary>
internal sealed class CompressionTests
{
    private const string Page = "/api/v1/orders/stream?page_size=100";

    private TestDatabase _database = null!;
    private RunningApi _api = null!;
    private HttpClient _client = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _database = await TestDatabase.CreateAsync(Enumerable.Range(1, 1000).Select(key => (long)key));
        _api = await RunningApi.StartAsync(_database.ConnectionString);
        _client = new HttpClient(new SocketsHttpHandler { AutomaticDecompression = DecompressionMethods.None }) { BaseAddress = _api.Client.BaseAddress };
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        _client.Dispose();
        await _api.DisposeAsync();
        await _database.DisposeAsync();
    }

    [TestCase("br", "br")]
    [TestCase("gzip", "gzip")]
    [TestCase("gzip, deflate, br", "br")]
    [TestCase("br;q=0.5, gzip", "gzip")]
    [TestCase("br;q=0, gzip;q=0.1", "gzip")]
    [TestCase("identity;q=0, gzip", "gzip")]
    [TestCase("*", "br")]
    [TestCase("", null)]
    [TestCase("identity", null)]
    [TestCase("identity;q=0", null)]
    [TestCase("br;q=0", null)]
    [TestCase("zstd, compress", null)]
    [TestCase("br;q=much", null)]
    public async Task The_encoding_is_the_one_that_the_client_prefers(string accepted, string? encoding)
    {
        string plain = await _client.GetStringAsync(new Uri(Page, UriKind.Relative));
        using HttpResponseMessage answer = await SendAsync(Page, accepted);
        Assert.That((answer.StatusCode, answer.Content.Headers.ContentEncoding.SingleOrDefault()), Is.EqualTo((HttpStatusCode.OK, encoding)));
        Assert.That(answer.Headers.Vary, Is.EqualTo(new[] { "Accept-Encoding" }));
        Assert.That(await ReadAsync(answer), Is.EqualTo(plain));
    }

    [Test]
    public async Task Many_large_pages_are_compressed_at_the_same_time()
    {
        string plain = await _client.GetStringAsync(new Uri("/api/v1/orders/stream?page_size=1000", UriKind.Relative));
        IEnumerable<Task<string>> answers = Enumerable.Range(0, 50).Select(async number =>
        {
            using HttpResponseMessage answer = await SendAsync("/api/v1/orders/stream?page_size=1000", number % 2 == 0 ? "br" : "gzip");
            return await ReadAsync(answer);
        });
        Assert.That(await Task.WhenAll(answers), Is.All.EqualTo(plain));
    }

    [TestCase("identity")]
    [TestCase("identity;q=0")]
    [TestCase("gzip;q=0")]
    [TestCase("gzip;q=0.1, identity;q=0.9")]
    [TestCase("zstd")]
    public async Task A_large_page_that_is_not_compressed_is_whole(string accepted)
    {
        const string large = "/api/v1/orders/stream?page_size=1000";
        string plain = await _client.GetStringAsync(new Uri(large, UriKind.Relative));
        Task<string>[] answers = [.. Enumerable.Range(0, 20).Select(async _ =>
        {
            using HttpResponseMessage answer = await SendAsync(large, accepted);
            return await answer.Content.ReadAsStringAsync();
        })];
        Assert.That(await Task.WhenAll(answers), Is.All.EqualTo(plain));
    }

    /// <summary>The client takes them late, so the service still sends one when it has come to its end.</summary>
    [TestCase("gzip", "/api/v1/orders/stream?page_size=3", 2000, null)]
    [TestCase("gzip", Page, 1000, "gzip")]
    [TestCase("br;q=0.1, identity;q=0.9", Page, 1000, null)]
    public async Task Answers_that_wait_for_their_reader_are_whole(string accepted, string path, int count, string? encoding)
    {
        using RawConnection connection = await RawConnection.OpenAsync(_api.Client.BaseAddress!);
        Task sending = connection.SendAsync(string.Concat(Enumerable.Repeat($"GET {path} HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: {accepted}\r\n\r\n", count)));
        RawConnection.RawAnswer first = (await connection.ReadAsync())!;
        for (int index = 1; index < count; index++)
        {
            RawConnection.RawAnswer? answer = await connection.ReadAsync();
            Assert.That((answer?.Status, answer?.Body), Is.EqualTo((200, first.Body)), $"answer {index}");
        }

        Assert.That(first.Headers.GetValueOrDefault("Content-Encoding"), Is.EqualTo(encoding));
        await sending;
    }

    [TestCase("/api/v1/orders/1", 200)]
    [TestCase("/api/v1/orders/4242", 404)]
    [TestCase("/api/v1/orders/stream?page_size=1", 200)]
    public async Task A_small_answer_is_left_as_it_is(string path, int status)
    {
        using HttpResponseMessage answer = await SendAsync(path, "br, gzip");
        Assert.That(((int)answer.StatusCode, answer.Content.Headers.ContentEncoding.Count), Is.EqualTo((status, 0)));
        Assert.That(answer.Content.Headers.ContentLength, Is.Positive);
    }

    [Test]
    public async Task HEAD_has_the_headers_and_no_body()
    {
        using var request = new HttpRequestMessage(HttpMethod.Head, Page);
        request.Headers.TryAddWithoutValidation("Accept-Encoding", "gzip");
        using HttpResponseMessage answer = await _client.SendAsync(request);
        Assert.That((answer.StatusCode, answer.Content.Headers.ContentEncoding.Single()), Is.EqualTo((HttpStatusCode.OK, "gzip")));
        Assert.That(await answer.Content.ReadAsByteArrayAsync(), Is.Empty);
    }

    [TestCase("br")]
    [TestCase("gzip")]
    public async Task An_encoding_has_a_tag_of_its_own_which_is_known_again(string encoding)
    {
        using HttpResponseMessage plain = await SendAsync("/openapi.json", "");
        using HttpResponseMessage encoded = await SendAsync("/openapi.json", encoding);
        Assert.That(encoded.Headers.ETag!.Tag, Is.EqualTo($"{plain.Headers.ETag!.Tag[..^1]}-{encoding}\""));
        Assert.That(encoded.Headers.Vary, Does.Contain("Accept-Encoding"));
        Assert.That(JsonDocument.Parse(await ReadAsync(encoded)).RootElement.GetProperty("openapi").GetString(), Is.EqualTo("3.0.4"));
        using HttpResponseMessage again = await SendAsync("/openapi.json", encoding, encoded.Headers.ETag.Tag);
        Assert.That(again.StatusCode, Is.EqualTo(HttpStatusCode.NotModified));
    }

    [TestCase("/docs/swagger-ui.css")]
    [TestCase("/docs/swagger-ui-bundle.js")]
    [TestCase("/docs/page.css")]
    public async Task Nothing_is_compressed_twice(string path)
    {
        using HttpResponseMessage answer = await SendAsync(path, "gzip");
        Assert.That(answer.Content.Headers.ContentEncoding, Is.SubsetOf(new[] { "gzip" }));
        Assert.That(await ReadAsync(answer), Does.Contain("swagger"));
    }

    [Test]
    public async Task It_can_be_switched_off()
    {
        await using RunningApi api = await RunningApi.StartAsync(_database.ConnectionString, "--Orders:Compression=false");
        using var request = new HttpRequestMessage(HttpMethod.Get, Page);
        request.Headers.TryAddWithoutValidation("Accept-Encoding", "br, gzip");
        using HttpResponseMessage answer = await api.Client.SendAsync(request);
        Assert.That((answer.Content.Headers.ContentEncoding.Count, answer.Headers.Vary.Count), Is.EqualTo((0, 0)));
    }

    private static async Task<string> ReadAsync(HttpResponseMessage answer)
    {
        await using Stream body = await answer.Content.ReadAsStreamAsync();
        await using Stream plain = answer.Content.Headers.ContentEncoding.SingleOrDefault() switch
        {
            "br" => new BrotliStream(body, CompressionMode.Decompress),
            "gzip" => new GZipStream(body, CompressionMode.Decompress),
            _ => body,
        };
        using var reader = new StreamReader(plain);
        return await reader.ReadToEndAsync();
    }

    private async Task<HttpResponseMessage> SendAsync(string path, string accepted, string? tag = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (accepted.Length > 0)
        {
            request.Headers.TryAddWithoutValidation("Accept-Encoding", accepted);
        }

        if (tag is not null)
        {
            request.Headers.TryAddWithoutValidation("If-None-Match", tag);
        }

        return await _client.SendAsync(request);
    }
}
