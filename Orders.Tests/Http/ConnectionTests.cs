using System.Net;
using System.Net.Sockets;
using Orders.Tests.Support;

namespace Orders.Tests.Http;

/// <summary>Clients that hold connections, and do nothing with them that would free their places.</summary>
internal sealed class ConnectionTests
{
    private const string NoDatabase = "--ConnectionStrings:Orders=Host=127.0.0.1;Port=1";
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(10);

    /// <summary>As an attacker would: silent, with half a request, and idle after an answer.</summary>
    [TestCase(1024, 5000, "")]
    [TestCase(500, 1000, "")]
    [TestCase(1024, 2000, "GET /health/live HTTP/1.1\r\nHost: loc")]
    [TestCase(1024, 2000, "GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n")]
    public async Task Idle_connections_beyond_the_descriptors_keep_nobody_out(int descriptors, int idle, string sent)
    {
        using LimitedProcess process = await LimitedProcess.StartAsync(descriptors, NoDatabase, "--Kestrel:Limits:RequestHeadersTimeout=1");
        await using var crowd = Crowd.Connect(process.Address, idle, sent);
        await AssertServesAsync(process);

        TimeSpan before = process.ProcessorTime;
        await crowd.SettleAsync();
        await AssertServesAsync(process);
        Assert.That((process.ProcessorTime - before).TotalSeconds, Is.LessThan(5), "The process is busy with nothing.");
    }

    [Test]
    public async Task A_connection_beyond_the_limit_waits_until_a_busy_one_ends()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(1);
        await using RunningApi api = await RunningApi.StartAsync(database.ConnectionString, "--Kestrel:Limits:MaxConcurrentConnections=2");
        await api.GetAsync("/api/v1/orders/1");
        await using LockedTable locked = await LockedTable.TakeAsync(database);
        using RawConnection first = await AskAsync(api, "/api/v1/orders/1");
        using RawConnection second = await AskAsync(api, "/api/v1/orders/1");
        await locked.WaitForBlockedAsync();
        using RawConnection third = await AskAsync(api, "/health/live");
        Task<RawConnection.RawAnswer?> waiting = third.ReadAsync();
        await locked.DisposeAsync();
        RawConnection.RawAnswer?[] answers = [await first.ReadAsync(), await second.ReadAsync(), await waiting];
        Assert.That(answers.Select(answer => answer?.Status), Is.All.EqualTo(200));
    }

    [Test]
    public async Task A_new_connection_has_time_for_its_first_request()
    {
        await using RunningApi api = await RunningApi.StartAsync(NoDatabase[NoDatabase.IndexOf("Host", StringComparison.Ordinal)..], "--Kestrel:Limits:MaxConcurrentConnections=1");
        for (int i = 0; i < 3; i++)
        {
            using RawConnection connection = await RawConnection.OpenAsync(api.Client.BaseAddress!);
            using RawConnection next = await RawConnection.OpenAsync(api.Client.BaseAddress!);
            await connection.SendAsync("GET /health/live HTTP/1.1\r\nHost: localhost\r\n");
            await connection.SendAsync("\r\n");
            Assert.That((await connection.ReadAsync())?.Status, Is.EqualTo(200));
        }
    }

    [Test]
    public async Task The_oldest_connections_give_way_without_losing_a_request()
    {
        await using RunningApi api = await RunningApi.StartAsync(NoDatabase[NoDatabase.IndexOf("Host", StringComparison.Ordinal)..], "--Kestrel:Limits:MaxConcurrentConnections=4");
        var connections = new List<RawConnection>();
        for (int i = 0; i < 20; i++)
        {
            connections.Add(await AskAsync(api, "/health/live"));
            Assert.That((await connections[^1].ReadAsync())?.Status, Is.EqualTo(200));
        }

        Assert.That(await connections[0].EndsAsync(), Is.True);
        await connections[^1].SendAsync("GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n");
        Assert.That((await connections[^1].ReadAsync())?.Status, Is.EqualTo(200));
        connections.ForEach(connection => connection.Dispose());
    }

    [Test]
    public async Task The_service_stops_while_connections_wait()
    {
        RunningApi api = await RunningApi.StartAsync(NoDatabase[NoDatabase.IndexOf("Host", StringComparison.Ordinal)..], "--Kestrel:Limits:MaxConcurrentConnections=1");
        using RawConnection busy = await RawConnection.OpenAsync(api.Client.BaseAddress!);
        await busy.SendAsync("GET / HT");
        using RawConnection waiting = await AskAsync(api, "/health/live");
        Assert.That(async () => await api.DisposeAsync().AsTask().WaitAsync(Soon), Throws.Nothing);
    }

    /// <summary>One in a row may be what the client's own connections were closed for.</summary>
    private static async Task AssertServesAsync(LimitedProcess process)
    {
        using var client = new HttpClient { BaseAddress = process.Address };
        for (int i = 0; i < 5; i++)
        {
            Assert.That(process.IsAlive, Is.True, "The process ended.");
            using HttpResponseMessage answer = await client.GetAsync(new Uri("/health/live", UriKind.Relative)).WaitAsync(Soon);
            Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        }
    }

    private static async Task<RawConnection> AskAsync(RunningApi api, string path)
    {
        RawConnection connection = await RawConnection.OpenAsync(api.Client.BaseAddress!);
        await connection.SendAsync($"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n");
        return connection;
    }

    /// <summary>Many connections that all do the same.</summary>
    private sealed class Crowd : IAsyncDisposable
    {
        private readonly List<Socket> _sockets = [];
        private readonly List<Task> _connecting = [];

        public static Crowd Connect(Uri address, int count, string sent)
        {
            var crowd = new Crowd();
            byte[] bytes = System.Text.Encoding.Latin1.GetBytes(sent);
            for (int i = 0; i < count; i++)
            {
                // Not awaited: the system's queue is shorter than the crowd.
                var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                crowd._sockets.Add(socket);
                crowd._connecting.Add(ConnectAsync(socket, address, bytes));
            }

            return crowd;
        }

        /// <summary>Waits until all have connected and said what they say.</summary>
        public Task SettleAsync() => Task.WhenAll(_connecting).WaitAsync(TimeSpan.FromSeconds(60));

        public async ValueTask DisposeAsync()
        {
            _sockets.ForEach(socket => socket.Dispose());
            await Task.WhenAll(_connecting);
        }

        private static async Task ConnectAsync(Socket socket, Uri address, byte[] bytes)
        {
            try
            {
                await socket.ConnectAsync(address.Host, address.Port);
                if (bytes.Length > 0)
                {
                    await socket.SendAsync(bytes);
                }
            }
            catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
            {
                // Turned away, or the test is over.
            }
        }
    }
}
