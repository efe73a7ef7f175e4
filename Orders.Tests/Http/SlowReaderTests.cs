using Orders.Tests.Support;

namespace Orders.Tests.Http;

/// <summary>Clients that ask for much and read nothing of it.</summary>
internal sealed class SlowReaderTests
{
    private const long MegaByte = 1024 * 1024;

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private TestDatabase _database = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _database = await TestDatabase.CreateAsync(Enumerable.Range(1, 3000).Select(key => (long)key));

        // As long as TPC-H's are at most.
        await _database.ExecuteAsync($"update {_database.Table} set o_comment = repeat('carefully final deposits ', 3), o_orderpriority = '4-NOT SPECIFIED'");
    }

    [OneTimeTearDown]
    public async Task StopAsync() => await _database.DisposeAsync();

    [Test]
    public async Task A_thousand_of_them_with_ten_large_pages_each_take_bounded_memory_and_no_database_connection()
    {
        using LimitedProcess process = await LimitedProcess.StartAsync(null, $"--ConnectionStrings:Orders={_database.ConnectionString}");
        var connections = new List<RawConnection>();
        long most = 0;
        for (int i = 0; i < 1000; i++)
        {
            RawConnection connection = await RawConnection.OpenAsync(process.Address);
            connection.Socket.ReceiveBufferSize = 4096;

            // No two read the same orders: what they read is not shared.
            string request = $"GET /api/v1/orders/stream?page_size=1000&cursor={i} HTTP/1.1\r\nHost: localhost\r\n\r\n";
            await connection.SendAsync(string.Concat(Enumerable.Repeat(request, 10)));
            connections.Add(connection);
            most = long.Max(most, process.Resident);
        }

        using var client = new HttpClient { BaseAddress = process.Address };
        for (int i = 1; i <= 50; i++)
        {
            Assert.That(await client.GetStringAsync(new Uri($"/api/v1/orders/{i}", UriKind.Relative)).WaitAsync(Deadline), Does.StartWith("{"));
            most = long.Max(most, process.Resident);
        }

        TestContext.Out.WriteLine($"{most / MegaByte} MB");
        Assert.That(most / MegaByte, Is.LessThan(400));
        connections.ForEach(connection => connection.Dispose());
    }

    [Test]
    public async Task They_leave_no_stack_trace_in_the_log()
    {
        using ApiProcess process = ApiProcess.Start(
            "Production", $"--ConnectionStrings:Orders={_database.ConnectionString}", "--urls=http://127.0.0.1:0", "--Orders:RequestTimeout=3");
        Uri address = await process.ListeningAsync();
        using var client = new HttpClient { BaseAddress = address };
        foreach (bool leaves in new[] { true, false })
        {
            using RawConnection slow = await RawConnection.OpenAsync(address);
            slow.Socket.ReceiveBufferSize = 4096;
            string request = "GET /api/v1/orders/stream?page_size=1000 HTTP/1.1\r\nHost: localhost\r\n\r\n";
            await slow.SendAsync(string.Concat(Enumerable.Repeat(request, 50)));
            if (!leaves)
            {
                // The service gives up first.
                await slow.Socket.ReceiveAsync(new byte[1], System.Net.Sockets.SocketFlags.Peek);
                await EndAsync(slow);
            }
        }

        using HttpResponseMessage last = await client.GetAsync(new Uri("/health/live", UriKind.Relative));
        process.Terminate();
        await process.EndAsync();
        Assert.That(process.Output, Does.Not.Contain("\"@x\"").And.Not.Contain("   at "));
    }

    /// <summary>Reads nothing until the other side has ended the connection.</summary>
    private static async Task EndAsync(RawConnection connection)
    {
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        try
        {
            while (await pace.WaitForNextTickAsync())
            {
                await connection.SendAsync("\r\n");
            }
        }
        catch (System.Net.Sockets.SocketException)
        {
            // It has.
        }
    }
}
