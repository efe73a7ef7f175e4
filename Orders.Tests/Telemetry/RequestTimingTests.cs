using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Orders.Tests.Support;

namespace Orders.Tests.Telemetry;

/// <summary>What clients and the log are told of where the time of a request went.</summary>
internal sealed partial class RequestTimingTests
{
    private TestDatabase _database = null!;

    [SetUp]
    public async Task SetUpAsync() => _database = await TestDatabase.CreateAsync(1, 2, 3);

    [TearDown]
    public async Task TearDownAsync() => await _database.DisposeAsync();

    [TestCase("/api/v1/orders/1", 200, null)]
    [TestCase("/api/v1/orders/pages?page_size=2", 200, "start")]
    [TestCase("/api/v1/orders/pages?page=2&page_size=2", 200, "key index")]
    [TestCase("/api/v1/orders/pages?page=2&page_size=2&include_count=false", 200, "offset")]
    [TestCase("/api/v1/orders/stream", 200, "start")]
    [TestCase("/api/v1/orders/stream?cursor=1", 200, "cursor")]
    [TestCase("/api/v1/orders/9", 404, null)]
    [TestCase("/api/v1/orders/x", 422, null)]
    [TestCase("/no/such/path", 404, null)]
    public async Task Every_answer_tells_where_its_time_went(string path, int status, string? foundBy)
    {
        await using RunningApi api = await RunningApi.StartAsync(_database.ConnectionString, "--Orders:ServerTiming=true", "--Orders:ProcessTime=true");
        RunningApi.Answer answer = await api.GetAsync(path);
        Assert.That(answer.Status, Is.EqualTo(status));
        Match field = Field().Match(answer.Headers["Server-Timing"]);
        Assert.That(field.Success, Is.True, answer.Headers["Server-Timing"]);
        Assert.That(field.Groups["page"].Value, Is.EqualTo(foundBy ?? ""));
        double total = Number(field.Groups["total"].Value);
        Assert.That(total, Is.GreaterThanOrEqualTo(Number(field.Groups["db"].Value)));
        Assert.That(Number(field.Groups["db"].Value) > 0, Is.EqualTo(path.Contains("orders/", StringComparison.Ordinal) && status != 422));
        Assert.That(Number(answer.Headers["X-Process-Time"]) * 1000, Is.EqualTo(total).Within(0.01));
    }

    [Test]
    public async Task By_default_clients_are_told_nothing()
    {
        await using RunningApi api = await RunningApi.StartAsync(_database.ConnectionString);
        Assert.That((await api.GetAsync("/api/v1/orders/1")).Headers.Keys, Has.None.EqualTo("Server-Timing").And.None.EqualTo("X-Process-Time"));
    }

    [Test]
    public async Task A_request_that_takes_long_has_a_line_with_its_timings()
    {
        using ApiProcess process = ApiProcess.Start(
            "Production", $"--ConnectionStrings:Orders={_database.ConnectionString}", "--urls=http://127.0.0.1:0", "--Orders:SlowRequest=0.3",
            "--Serilog:MinimumLevel:Default=Warning", "--Serilog:MinimumLevel:Override:Microsoft.Hosting.Lifetime=Information");
        using var client = new HttpClient { BaseAddress = await process.ListeningAsync() };
        await client.GetStringAsync(new Uri("/api/v1/orders/1", UriKind.Relative));
        Task<string> answer;
        await using (LockedTable locked = await LockedTable.TakeAsync(_database))
        {
            answer = client.GetStringAsync(new Uri("/api/v1/orders/stream", UriKind.Relative));
            await locked.WaitForBlockedAsync();
            await _database.ScalarAsync<object>("select pg_sleep(0.4)");
        }

        await answer;
        await process.LineAsync("/api/v1/orders/stream");
        JsonElement line = process.JsonLines.Last();
        Assert.That(line.GetProperty("@mt").GetString(), Does.StartWith("Slow: "));
        Assert.That(line.GetProperty("Database").GetDouble(), Is.InRange(300, line.GetProperty("Elapsed").GetDouble()));
        Assert.That(line.GetProperty("@l").GetString(), Is.EqualTo("Warning"));
        Assert.That(line.GetProperty("@tr").GetString(), Has.Length.EqualTo(32));
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    [GeneratedRegex("""^db;dur=(?<db>[\d.]+), wait;dur=(?<wait>[\d.]+), total;dur=(?<total>[\d.]+)(, page;desc="(?<page>[a-z ]+)")?$""")]
    private static partial Regex Field();
}
