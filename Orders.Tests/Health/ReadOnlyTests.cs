using Orders.Application.Overlay;
using Orders.Tests.Support;

namespace Orders.Tests.Health;

/// <summary>With <c>Orders:ReadOnly</c> nothing is changed, and nothing is asked for that only changes take.</summary>
[TestFixture(StatusChangeMode.InPlace)]
[TestFixture(StatusChangeMode.Overlay)]
internal sealed class ReadOnlyTests(StatusChangeMode mode)
{
    private const string Change = """{"o_orderstatus":"F"}""";

    private TestDatabase _database = null!;

    [SetUp]
    public async Task SetUpAsync() => _database = await TestDatabase.CreateAsync(mode, 1, 2, 3);

    [TearDown]
    public async Task TearDownAsync() => await _database.DisposeAsync();

    [Test]
    public async Task A_role_that_may_only_select_is_ready_and_reads()
    {
        await using RunningApi api = await StartAsync(await RoleAsync());
        foreach (string path in new[] { "/health/ready", "/api/v1/orders/count", "/api/v1/orders/sample", "/api/v1/orders/pages", "/api/v1/orders/stream", "/api/v1/orders/1" })
        {
            RunningApi.Answer answer = await api.GetAsync(path);
            Assert.That(answer.Status, Is.EqualTo(200), answer.Body);
        }
    }

    [Test]
    public async Task The_same_role_is_not_enough_where_changes_are_taken()
    {
        await using RunningApi api = await RunningApi.StartAsync(await RoleAsync(), _database.Settings);
        Assert.That((await api.GetAsync("/health/ready")).Detail, Is.EqualTo("The right to change a status is missing."));
    }

    [Test]
    public async Task A_server_that_takes_no_changes_is_ready()
    {
        await using RunningApi api = await StartAsync($"{_database.ConnectionString};Options=-c default_transaction_read_only=on");
        Assert.That((await api.GetAsync("/health/ready")).Status, Is.EqualTo(200));
    }

    [TestCase(1, Change, "application/json")]
    [TestCase(99, Change, "application/json")]
    [TestCase(0, "{", "application/json")]
    [TestCase("x", "", "text/plain")]
    public async Task A_change_is_forbidden_in_a_sentence_whatever_it_is(object key, string body, string contentType)
    {
        await using RunningApi api = await StartAsync(_database.ConnectionString);
        RunningApi.Answer answer = await api.PostStatusAsync(key, body, contentType);
        Assert.That((answer.Status, answer.Code, answer.ContentType), Is.EqualTo((403, "forbidden", "application/problem+json")));
        Assert.That(answer.Detail, Does.Contain("read-only"));
        Assert.That((await api.GetAsync("/api/v1/orders/1")).Json.GetProperty("o_orderstatus").GetString(), Is.EqualTo("O"));
    }

    [Test]
    public async Task A_change_is_forbidden_without_a_look_at_the_database()
    {
        await using RunningApi api = await StartAsync("Host=127.0.0.1;Port=1");
        Assert.That((await api.PostStatusAsync(1, Change)).Status, Is.EqualTo(403));
    }

    [Test]
    public async Task Otherwise_the_change_is_made()
    {
        await using RunningApi api = await RunningApi.StartAsync(_database.ConnectionString, [.. _database.Settings, "--Orders:ReadOnly=false"]);
        Assert.That((await api.PostStatusAsync(1, Change)).Status, Is.EqualTo(200));
    }

    private Task<RunningApi> StartAsync(string connectionString) => RunningApi.StartAsync(connectionString, [.. _database.Settings, "--Orders:ReadOnly=true"]);

    private Task<string> RoleAsync() => mode == StatusChangeMode.InPlace
        ? _database.CreateServingRoleAsync("select")
        : _database.CreateRoleAsync(
            $"usage on schema {_database.Schema}, {_database.StatusChanges.OverlaySchema}", $"select on {_database.Table}",
            $"select on {_database.StatusChanges.OverlaySchema}.orders_synced");
}
