using System.Net.Sockets;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Orders.Api.Service;
using Orders.Application;
using Orders.Tests.Support;
using static Orders.Tests.Support.Http2Wire;

namespace Orders.Tests.Service;

/// <summary>What the service does between the signal to stop and its end.</summary>
internal sealed class DrainingTests
{
    private const string LongDelay = "--Orders:ShutdownDelay=600";
    private const string ToldToStop = "Told to stop";
    private const int EndedBySigterm = 143;

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private TestDatabase _database = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => _database = await TestDatabase.CreateAsync(1, 2, 3);

    [OneTimeTearDown]
    public async Task StopAsync() => await _database.DisposeAsync();

    [Test]
    public async Task Readiness_says_no_at_once_while_all_else_is_served_and_a_second_signal_ends_it()
    {
        using ApiProcess process = Start(LongDelay);
        using RawConnection kept = await RawConnection.OpenAsync(await process.ListeningAsync());
        Assert.That((await GetAsync(kept, "/health/ready")) is { Status: 200, Closes: false }, Is.True);

        process.Terminate();
        await process.LineAsync(ToldToStop);
        using (RawConnection probe = await RawConnection.OpenAsync(await process.ListeningAsync()))
        {
            RawConnection.RawAnswer? readiness = await GetAsync(probe, "/health/ready");
            ProblemAssert.IsProblem(readiness, 503, "shutting_down");
            Assert.That(readiness!.Body, Does.Contain("The service is shutting down."));
        }

        // A connection that was there is served once more, and a new one, too.
        foreach ((RawConnection connection, string path) in new[]
        {
            (kept, "/api/v1/orders/1"), (await RawConnection.OpenAsync(await process.ListeningAsync()), "/health/live"),
        })
        {
            RawConnection.RawAnswer? answer = await GetAsync(connection, path);
            Assert.That((answer?.Status, answer?.Closes, await connection.EndsAsync()), Is.EqualTo((200, true, true)));
            connection.Dispose();
        }

        process.Terminate();
        Assert.That(await process.EndAsync(), Is.EqualTo(EndedBySigterm));
    }

    [Test]
    public async Task A_change_whose_body_is_on_its_way_is_made()
    {
        using ApiProcess process = Start(LongDelay);
        using RawConnection connection = await RawConnection.OpenAsync(await process.ListeningAsync());
        await connection.SendAsync("POST /api/v1/orders/2/status HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 21\r\n\r\n");
        process.Terminate();
        await process.LineAsync(ToldToStop);
        await connection.SendAsync("""{"o_orderstatus":"F"}""");
        Assert.That((await connection.ReadAsync())?.Status, Is.EqualTo(200));
        Assert.That(await _database.ScalarAsync<string>($"select o_orderstatus from {_database.Table} where o_orderkey = 2"), Is.EqualTo("F"));
    }

    [Test]
    public async Task On_HTTP_2_the_answer_comes_with_GOAWAY()
    {
        using var certificate = new TestCertificate();
        using ApiProcess process = Start(LongDelay, "--urls=https://127.0.0.1:0", certificate.Setting);
        await using Http2Wire wire = await OpenAsync(await process.ListeningAsync(), certificate);
        process.Terminate();
        await process.LineAsync(ToldToStop);
        await wire.SendAsync(Request(1, "GET", "/health/live"));

        var seen = new HashSet<FrameType>();
        while (await wire.ReadAsync().WaitAsync(Deadline) is { } frame)
        {
            seen.Add(frame.Type);
        }

        Assert.That(seen, Is.SupersetOf(new[] { FrameType.Headers, FrameType.Data, FrameType.GoAway }));
    }

    [Test]
    public async Task After_the_delay_it_takes_no_new_connection_and_finishes_what_runs()
    {
        using ApiProcess process = Start("--Orders:ShutdownDelay=0");
        Uri address = await process.ListeningAsync();
        using RawConnection idle = await RawConnection.OpenAsync(address);
        using RawConnection busy = await RawConnection.OpenAsync(address);
        Assert.That((await GetAsync(idle, "/api/v1/orders/1"))?.Status, Is.EqualTo(200));
        await using (LockedTable locked = await LockedTable.TakeAsync(_database))
        {
            await SendGetAsync(busy, "/api/v1/orders/1");
            await locked.WaitForBlockedAsync();
            process.Terminate();
            Assert.That(await idle.EndsAsync(), Is.True);
            await RefusesAsync(address);
        }

        RawConnection.RawAnswer? answer = await busy.ReadAsync();
        Assert.That((answer?.Status, answer?.Closes), Is.EqualTo((200, true)));
        Assert.That(await process.EndAsync(), Is.Zero, process.Errors);
        Assert.That(process.Errors, Is.Empty.Or.EqualTo(Environment.NewLine));
    }

    [Test]
    public async Task What_runs_has_the_time_limit_of_a_request_and_no_more()
    {
        using ApiProcess process = Start("--Orders:ShutdownDelay=0", "--Orders:RequestTimeout=1");
        using RawConnection busy = await RawConnection.OpenAsync(await process.ListeningAsync());
        await using LockedTable locked = await LockedTable.TakeAsync(_database);
        await SendGetAsync(busy, "/api/v1/orders/1");
        await locked.WaitForBlockedAsync();
        process.Terminate();
        ProblemAssert.IsProblem(await busy.ReadAsync(), 504, "timeout");
        Assert.That(await process.EndAsync(), Is.Zero, process.Errors);
    }

    [Test]
    public async Task A_second_signal_ends_requests_that_run()
    {
        using ApiProcess process = Start("--Orders:ShutdownDelay=0", "--Orders:RequestTimeout=600");
        Uri address = await process.ListeningAsync();
        using RawConnection busy = await RawConnection.OpenAsync(address);
        await using LockedTable locked = await LockedTable.TakeAsync(_database);
        await SendGetAsync(busy, "/api/v1/orders/1");
        await locked.WaitForBlockedAsync();
        process.Terminate();
        await RefusesAsync(address);
        process.Terminate();
        Assert.That(await process.EndAsync(), Is.EqualTo(EndedBySigterm));
    }

    [Test]
    public async Task A_service_that_could_not_start_does_not_wait()
    {
        using var taken = new TcpListener(System.Net.IPAddress.Loopback, 0);
        taken.Start();
        using ApiProcess process = Start(LongDelay, $"--urls=http://{taken.LocalEndpoint}");
        Assert.That(await process.EndAsync(), Is.EqualTo(1));
    }

    [TestCase("Development", null, 15)]
    [TestCase("Production", null, 20)]
    [TestCase("Staging", null, 20)]
    [TestCase("Development", 7.0, 22)]
    [TestCase("Production", 0.0, 15)]
    public void The_delay_has_a_default_of_the_environment(string environment, double? delay, int seconds)
    {
        var options = new OrdersOptions { ShutdownDelay = delay is { } set ? Duration.FromSeconds(set) : null };
        var draining = new Draining(
            Options.Create(options), new HostingEnvironment { EnvironmentName = environment },
            new ApplicationLifetime(NullLogger<ApplicationLifetime>.Instance), TimeProvider.System, NullLogger<Draining>.Instance);
        Assert.That(draining.Limit(margin: TimeSpan.Zero), Is.EqualTo(TimeSpan.FromSeconds(seconds)));
    }

    private ApiProcess Start(params string[] settings) => ApiProcess.Start(
        "Production", [$"--ConnectionStrings:Orders={_database.ConnectionString}", "--urls=http://127.0.0.1:0", .. settings]);

    private static async Task<RawConnection.RawAnswer?> GetAsync(RawConnection connection, string path)
    {
        await SendGetAsync(connection, path);
        return await connection.ReadAsync();
    }

    private static Task SendGetAsync(RawConnection connection, string path) => connection.SendAsync($"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n");

    private static async Task RefusesAsync(Uri address)
    {
        using var deadline = new CancellationTokenSource(Deadline);
        while (!deadline.IsCancellationRequested)
        {
            using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            try
            {
                await socket.ConnectAsync(address.Host, address.Port, deadline.Token);
            }
            catch (SocketException exception) when (exception.SocketErrorCode == SocketError.ConnectionRefused)
            {
                return;
            }
            catch (SocketException exception) when (exception.SocketErrorCode == SocketError.ConnectionReset)
            {
                // It was closed between: the next one is refused.
            }
        }

        Assert.Fail("It still takes connections.");
    }
}
