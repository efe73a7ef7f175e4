using System.Net;
using Orders.Tests.Support;
using static Orders.Tests.Support.Http2Wire;

namespace Orders.Tests.Http;

/// <summary>Clients of HTTP/2 over TLS that send as many frames as they can.</summary>
internal sealed class Http2FloodTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    private readonly TestCertificate _certificate = new();
    private TestDatabase _database = null!;
    private ApiProcess _process = null!;
    private Uri _address = null!;
    private HttpClient _client = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _database = await TestDatabase.CreateAsync(Enumerable.Range(1, 1000).Select(key => (long)key));
        _process = ApiProcess.Start(
            "Production", $"--ConnectionStrings:Orders={_database.ConnectionString}", "--urls=https://127.0.0.1:0", _certificate.Setting);
        _address = await _process.ListeningAsync();
        var handler = new SocketsHttpHandler { SslOptions = _certificate.Trust() };
        _client = new HttpClient(handler) { BaseAddress = _address, DefaultRequestVersion = HttpVersion.Version20, DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact };
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        _client.Dispose();
        _process.Dispose();
        await _database.DisposeAsync();
        _certificate.Dispose();
    }

    [TestCase("resets")]
    [TestCase("streams")]
    [TestCase("bodies")]
    [TestCase("settings")]
    [TestCase("pings")]
    [TestCase("empty data")]
    [TestCase("continuations")]
    [TestCase("window updates")]
    [TestCase("closed windows")]
    public async Task A_flood_ends_its_connection_or_is_kept_up_with_and_others_are_served(string flood)
    {
        await FloodAsync(flood).WaitAsync(Soon);
        for (int i = 0; i < 10; i++)
        {
            using HttpResponseMessage answer = await _client.GetAsync(new Uri("/api/v1/orders/1", UriKind.Relative)).WaitAsync(Soon);
            Assert.That((answer.StatusCode, answer.Version), Is.EqualTo((HttpStatusCode.OK, HttpVersion.Version20)));
        }

        Assert.That(_process.Output, Does.Not.Contain("\"@x\"").And.Not.Contain("\"@l\":\"Error\""), flood);
    }

    private async Task FloodAsync(string flood)
    {
        await using Http2Wire wire = await OpenAsync(_address, _certificate);
        Task reading = ReadAsync(wire);
        try
        {
            if (flood is "empty data" or "continuations")
            {
                await wire.SendAsync(flood == "empty data" ? Request(1, "POST", "/api/v1/orders/1/status", ends: false) : Frame(FrameType.Headers, 0, 1, 0x82));
            }
            else if (flood == "closed windows")
            {
                await wire.SendAsync(Frame(FrameType.Settings, 0, 0, 0, 4, 0, 0, 0, 0));
            }

            for (int i = 0; i < 5_000 && !reading.IsCompleted; i++)
            {
                await wire.SendAsync(Frames(flood, (2 * i) + 1));
            }
        }
        catch (IOException)
        {
            // The service has ended the connection.
        }
    }

    private static byte[][] Frames(string flood, int stream) => flood switch
    {
        "resets" => [Request(stream, "GET", "/api/v1/orders/1"), Reset(stream)],
        "streams" => [Request(stream, "GET", "/api/v1/orders/stream?page_size=1000")],
        "closed windows" => [Request(stream, "GET", "/api/v1/orders/stream?page_size=1000")],
        "bodies" => [Request(stream, "POST", "/api/v1/orders/1/status", ends: false)],
        "settings" => [Frame(FrameType.Settings, 0, 0)],
        "pings" => [Frame(FrameType.Ping, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)],
        "empty data" => [Frame(FrameType.Data, 0, 1)],
        "continuations" => [Frame(FrameType.Continuation, 0, 1, 0x00, 0x01, (byte)'a', 0x01, (byte)'b')],
        "window updates" => [Frame(FrameType.WindowUpdate, 0, 0, 0, 0, 0, 1)],
        _ => throw new ArgumentException(flood),
    };

    /// <summary>Until the other side ends the connection.</summary>
    private static async Task ReadAsync(Http2Wire wire)
    {
        try
        {
            while (await wire.ReadAsync() is { Type: not FrameType.GoAway })
            {
            }
        }
        catch (ObjectDisposedException)
        {
            // The flood is over.
        }
    }
}
