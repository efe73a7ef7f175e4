using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Npgsql;
using Orders.Tests.Support;

namespace Orders.Tests.Postgres;

/// <summary>A server that can be connected to and says nothing, or whose network swallows what is sent, by limits in true time that are short.</summary>
internal sealed class SilentServerTests
{
    private TestDatabase _database = null!;
    private DatabaseLink _link = null!;

    [SetUp]
    public async Task SetUpAsync()
    {
        _database = await TestDatabase.CreateAsync(1);
        _link = new DatabaseLink(_database.ConnectionString);
        _link.Restore();
        _link.Silence();
    }

    [TearDown]
    public async Task TearDownAsync()
    {
        await _link.DisposeAsync();
        await _database.DisposeAsync();
    }

    [TestCase("Timeout=1", "2.5", Description = "Several attempts")]
    [TestCase("Timeout=10", "2.5", Description = "An attempt that would outlast the request")]
    [TestCase("Timeout=0", "2.5", Description = "Attempts without an end")]
    [TestCase("", "600", Description = "A wait that would outlast the request")]
    public async Task It_is_unavailable_before_the_request_is_over(string options, string wait)
    {
        await using RunningApi api = await StartAsync($"{_link.ConnectionString};{options}", wait);
        RunningApi.Answer[] answers = await Task.WhenAll(
            api.GetAsync("/api/v1/orders/1"), api.GetAsync("/api/v1/orders/count"), api.PostStatusAsync(1, """{"o_orderstatus":"F"}"""));
        AssertUnavailable(answers);
    }

    [Test]
    public async Task Who_waits_behind_others_is_told_with_them()
    {
        await using RunningApi api = await StartAsync($"{_link.ConnectionString};Timeout=10", "2.5", "9");
        AssertUnavailable(await Task.WhenAll(Enumerable.Range(0, 100).Select(
            key => api.GetAsync(string.Create(CultureInfo.InvariantCulture, $"/api/v1/orders/stream?page_size=1000&cursor={key}")))));
    }

    [Test]
    public async Task A_network_that_swallows_what_is_sent_is_the_same()
    {
        // One connection fills the queue of a server that accepts none; the system drops what comes after it.
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(0);
        using var first = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await first.ConnectAsync(listener.LocalEndPoint!);
        int port = ((IPEndPoint)listener.LocalEndPoint!).Port;
        string connectionString = new NpgsqlConnectionStringBuilder(_link.ConnectionString) { Port = port, Timeout = 10 }.ConnectionString;
        await using RunningApi api = await StartAsync(connectionString, "2.5");
        AssertUnavailable(await api.GetAsync("/api/v1/orders/1"));
    }

    [Test]
    public async Task It_is_used_again_as_soon_as_it_answers()
    {
        await using RunningApi api = await StartAsync($"{_link.ConnectionString};Timeout=10", "1");
        AssertUnavailable(await api.GetAsync("/api/v1/orders/1"));
        _link.Cut();
        _link.Restore();
        Assert.That((await api.GetAsync("/api/v1/orders/1")).Status, Is.EqualTo(200));
        Assert.That((await api.PostStatusAsync(1, """{"o_orderstatus":"F"}""")).Status, Is.EqualTo(200));
    }

    private static Task<RunningApi> StartAsync(string connectionString, string wait, string requestTimeout = "6") =>
        RunningApi.StartAsync(connectionString, $"--Orders:DatabaseWait={wait}", $"--Orders:RequestTimeout={requestTimeout}");

    private static void AssertUnavailable(params RunningApi.Answer[] answers)
    {
        Assert.That(answers.Select(answer => (answer.Status, answer.Code)), Is.All.EqualTo((503, "database_unavailable")));
        Assert.That(answers.Select(answer => answer.Headers), Has.All.ContainKey("Retry-After"));
    }
}
