using System.Collections.Concurrent;
using System.Text.Json;
using Orders.Application.Overlay;
using Orders.Tests.Support;

namespace Orders.Tests.Overlay;

/// <summary>The sync refills its table, in each possible way, while the service is under load.</summary>
/// <remarks>Each refill is one transaction. So a wrong answer is the service's fault, not one from a half-filled table.</remarks>
internal sealed class ResyncTests
{
    private const int Rows = 400;
    private const int Writers = 4;
    private const int Rounds = 8;

    private readonly ConcurrentQueue<string> _wrong = new();
    private TestDatabase _database = null!;
    private RunningApi _api = null!;
    private int _answered;
    private int _refused;

    [SetUp]
    public async Task SetUpAsync()
    {
        _database = await TestDatabase.CreateAsync(StatusChangeMode.Overlay, Enumerable.Range(1, Rows).Select(key => (long)key));
        _api = await RunningApi.StartAsync(_database.ConnectionString, [.. _database.Settings, "--Orders:CountMaxAge=0"]);
    }

    [TearDown]
    public async Task TearDownAsync()
    {
        await _api.DisposeAsync();
        await _database.DisposeAsync();
    }

    [TestCase("delete from {0}; insert into {0} select * from {1}")]
    [TestCase("truncate {0}; insert into {0} select * from {1}")]
    public async Task A_refresh_loses_no_change_and_causes_no_wrong_answer(string refresh)
    {
        await RunAsync(async () => await _database.ExecuteAsync($"begin; {Format(refresh)}; commit"));
        Assert.That(_refused, Is.Zero);
    }

    [Test]
    public async Task Recreating_the_table_loses_no_change_and_requests_meanwhile_get_503() => await RunAsync(async () =>
    {
        await _database.ExecuteAsync($"drop table {_database.Table}");
        RunningApi.Answer gone = await _api.GetAsync("/api/v1/orders/1");
        RunningApi.Answer lost = await _api.PostStatusAsync(1, """{"o_orderstatus":"F"}""");
        RunningApi.Answer ready = await _api.GetAsync("/health/ready");
        Assert.That((gone.Status, gone.Code, lost.Status, ready.Status), Is.EqualTo((503, "database_unavailable", 503, 503)));
        Assert.That(gone.Headers, Does.ContainKey("Retry-After"));
        await _database.ExecuteAsync($"begin; create table {_database.Table} (like {_database.Schema}.origin including all); insert into {_database.Table} select * from {_database.Schema}.origin; commit");
    });

    private string Format(string sql) => sql.Replace("{0}", _database.Table, StringComparison.Ordinal).Replace("{1}", $"{_database.Schema}.origin", StringComparison.Ordinal);

    /// <summary>Repeats the resync under load. Checks every answer, and at the end every change.</summary>
    private async Task RunAsync(Func<Task> resync)
    {
        await _database.ExecuteAsync($"create table {_database.Schema}.origin (like {_database.Table} including all); insert into {_database.Schema}.origin select * from {_database.Table}");
        using var end = new CancellationTokenSource();
        Task<List<string>>[] writers = [.. Enumerable.Range(1, Writers).Select(key => WriteAsync(key * 100, end.Token))];
        Task[] readers = [ReadAsync(end.Token), ReadAsync(end.Token)];
        try
        {
            for (int round = 0; round < Rounds; round++)
            {
                int before = _answered;
                await resync();
                using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20));
                while (_answered < before + 50)
                {
                    Assert.That(deadline.IsCancellationRequested, Is.False, "The service does not answer any more.");
                    await Task.Yield();
                }
            }
        }
        finally
        {
            await end.CancelAsync();
            await Task.WhenAll([.. writers, .. readers]);
        }

        Assert.That(_wrong.Distinct().Take(5), Is.Empty);
        RecordedChange[] changes = await RecordedChange.ReadAsync(_database);
        for (int writer = 1; writer <= Writers; writer++)
        {
            List<string> acknowledged = await writers[writer - 1];
            Assert.That(changes.Where(change => change.OrderKey == writer * 100).Select(change => change.NewStatus), Is.EqualTo(acknowledged));
            Assert.That(acknowledged, Is.Not.Empty);
        }
    }

    /// <summary>Repeatedly changes the status of one order and reads it back.</summary>
    /// <returns>The acknowledged statuses, in order.</returns>
    private async Task<List<string>> WriteAsync(int key, CancellationToken end)
    {
        List<string> acknowledged = [];
        for (int i = 0; !end.IsCancellationRequested; i++)
        {
            string status = "FPO"[i % 3].ToString();
            if (!await IsAnsweredAsync(() => _api.PostStatusAsync(key, $$"""{"o_orderstatus":"{{status}}"}""")))
            {
                i--;
                continue;
            }

            acknowledged.Add(status);
            await IsAnsweredAsync(
                () => _api.GetAsync($"/api/v1/orders/{key}"),
                answer => answer.GetProperty("o_orderstatus").GetString() == status);
        }

        return acknowledged;
    }

    private async Task ReadAsync(CancellationToken end)
    {
        while (!end.IsCancellationRequested)
        {
            await IsAnsweredAsync(() => _api.GetAsync("/api/v1/orders/count"), answer => answer.GetProperty("total_orders").GetInt64() == Rows);
            await IsAnsweredAsync(() => _api.GetAsync("/api/v1/orders/stream?cursor=150&page_size=100"), answer => Keys(answer).SequenceEqual(Enumerable.Range(151, 100)));
            await IsAnsweredAsync(() => _api.GetAsync("/api/v1/orders/pages?page=3&page_size=100"), answer => Keys(answer).SequenceEqual(Enumerable.Range(201, 100)));
        }
    }

    private static IEnumerable<int> Keys(JsonElement answer) => answer.GetProperty("orders").EnumerateArray().Select(order => order.GetProperty("o_orderkey").GetInt32());

    /// <summary>True for a 200, false for a 503. Records any other status, and a 200 whose body fails the check, as wrong.</summary>
    private async Task<bool> IsAnsweredAsync(Func<Task<RunningApi.Answer>> send, Func<JsonElement, bool>? check = null)
    {
        RunningApi.Answer answer = await send();
        if (answer.Status == 503)
        {
            Interlocked.Increment(ref _refused);
            return false;
        }

        if (answer.Status != 200 || check?.Invoke(answer.Json) == false)
        {
            _wrong.Enqueue($"{answer.Status} {answer.Body[..int.Min(200, answer.Body.Length)]}");
        }

        Interlocked.Increment(ref _answered);
        return true;
    }
}
