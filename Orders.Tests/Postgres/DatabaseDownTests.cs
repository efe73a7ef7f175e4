using System.Diagnostics;
using Orders.Tests.Support;

namespace Orders.Tests.Postgres;

internal sealed class DatabaseDownTests
{
    private TestDatabase _database = null!;
    private DatabaseLink _link = null!;

    [SetUp]
    public async Task SetUpAsync()
    {
        _database = await TestDatabase.CreateAsync(1, 2, 3);
        _link = new DatabaseLink(_database.ConnectionString);
    }

    [TearDown]
    public async Task TearDownAsync()
    {
        await _link.DisposeAsync();
        await _database.DisposeAsync();
    }

    [TestCase("/api/v1/orders/1")]
    [TestCase("/api/v1/orders/count")]
    [TestCase("/api/v1/orders/sample")]
    [TestCase("/api/v1/orders/pages")]
    [TestCase("/api/v1/orders/stream")]
    [TestCase("/health/ready")]
    public async Task The_service_starts_without_its_database_and_says_so_until_it_is_there(string path)
    {
        await using RunningApi api = await RunningApi.StartAsync(_link.ConnectionString);
        AssertUnavailable(await api.GetAsync(path));
        Assert.That((await api.GetAsync("/health/live")).Status, Is.EqualTo(200));
        Assert.That((await api.GetAsync("/api/v1/healthcheck")).Status, Is.EqualTo(200));

        _link.Restore();
        Assert.That((await api.GetAsync(path)).Status, Is.EqualTo(200));
    }

    [Test]
    public async Task A_change_of_status_is_refused_while_the_database_is_down()
    {
        await using RunningApi api = await RunningApi.StartAsync(_link.ConnectionString);
        AssertUnavailable(await api.PostStatusAsync(1, """{"o_orderstatus":"F"}"""));
    }

    [Test]
    public async Task A_database_that_goes_and_comes_back_is_used_again_within_two_seconds()
    {
        await using RunningApi api = await RunningApi.StartAsync(_link.ConnectionString);
        _link.Restore();
        RunningApi.Answer[] warm = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => api.GetAsync("/api/v1/orders/1")));
        Assert.That(warm.Select(answer => answer.Status), Is.All.EqualTo(200));

        _link.Cut();
        RunningApi.Answer[] down = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => api.GetAsync("/api/v1/orders/1")));
        Assert.That(down, Is.All.Matches<RunningApi.Answer>(answer => answer.Status == 503));

        _link.Restore();
        var back = Stopwatch.StartNew();
        while ((await api.GetAsync("/api/v1/orders/1")).Status != 200)
        {
            Assert.That(back.Elapsed, Is.LessThan(TimeSpan.FromSeconds(2)));
        }

        Assert.That((await api.GetAsync("/health/ready")).Status, Is.EqualTo(200));
    }

    [TestCase("/api/v1/orders/1")]
    [TestCase("/health/ready")]
    public async Task A_database_that_takes_connections_and_says_nothing_is_unavailable_within_five_seconds(string path)
    {
        _link.Restore();
        _link.Silence();
        await using RunningApi api = await RunningApi.StartAsync(_link.ConnectionString);
        var elapsed = Stopwatch.StartNew();
        AssertUnavailable(await api.GetAsync(path));
        Assert.That(elapsed.Elapsed, Is.LessThan(TimeSpan.FromSeconds(5)));
    }

    [Test]
    public async Task A_server_without_a_connection_left_is_unavailable()
    {
        string connectionString = await _database.CreateServingRoleAsync();
        await _database.ExecuteAsync($"alter role {_database.Schema}_role connection limit 0");
        await using RunningApi api = await RunningApi.StartAsync(connectionString);
        AssertUnavailable(await api.GetAsync("/api/v1/orders/1"));
    }

    [Test]
    public async Task A_pool_without_a_free_connection_is_unavailable()
    {
        await using RunningApi api = await RunningApi.StartAsync($"{_database.ConnectionString};Maximum Pool Size=1;Timeout=1");

        // The service counts when it starts.
        await api.GetAsync("/api/v1/orders/count");
        await using LockedTable locked = await LockedTable.TakeAsync(_database);
        Task<RunningApi.Answer> holder = api.GetAsync("/api/v1/orders/1");
        await locked.WaitForBlockedAsync();
        AssertUnavailable(await api.GetAsync("/api/v1/orders/1"));
        await locked.DisposeAsync();
        Assert.That((await holder).Status, Is.EqualTo(200));
    }

    private static void AssertUnavailable(RunningApi.Answer answer)
    {
        Assert.That((answer.Status, answer.ContentType), Is.EqualTo((503, "application/problem+json")), answer.Body);
        Assert.That(answer.Code, Is.EqualTo("database_unavailable"));
        Assert.That(int.Parse(answer.Headers["Retry-After"], System.Globalization.CultureInfo.InvariantCulture), Is.InRange(1, 5));
        Assert.That(answer.Detail, Does.EndWith(".").And.Not.Contain("127.0.0.1").And.Not.Contain("Username"));
    }
}
