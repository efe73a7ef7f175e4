using Npgsql;
using Orders.Tests.Support;

namespace Orders.Tests.Health;

/// <summary>A table that somebody else puts in the place of the service's is not used.</summary>
internal sealed class OtherTableTests
{
    private const string Change = """{"o_orderstatus":"F"}""";

    private TestDatabase _database = null!;

    [SetUp]
    public async Task SetUpAsync() => _database = await TestDatabase.CreateAsync(1, 2, 3);

    [TearDown]
    public async Task TearDownAsync() => await _database.DisposeAsync();

    [Test]
    public async Task A_table_in_front_of_ours_is_named_once_in_the_log_and_not_used_until_it_is_gone()
    {
        await _database.ExecuteAsync($"create schema {_database.Schema}_overlay");
        string connectionString = WithPath($"{_database.Schema}_overlay, {_database.Schema}");
        using ApiProcess process = ApiProcess.Start(
            "Production", "--urls=http://127.0.0.1:0", $"--ConnectionStrings:Orders={connectionString}");
        using var client = new HttpClient { BaseAddress = await process.ListeningAsync() };
        Assert.That(await StatusAsync(client, "/api/v1/orders/1"), Is.EqualTo(200));
        await _database.ExecuteAsync($"create table {_database.Schema}_overlay.orders_synced (like {_database.Table} including all)");

        Assert.That(await StatusAsync(client, "/health/ready"), Is.EqualTo(503));
        for (int i = 0; i < 5; i++)
        {
            Assert.That(await StatusAsync(client, "/api/v1/orders/1"), Is.EqualTo(503));
        }

        await _database.ExecuteAsync($"drop table {_database.Schema}_overlay.orders_synced");
        Assert.That(await StatusAsync(client, "/health/ready"), Is.EqualTo(200));
        Assert.That(await StatusAsync(client, "/api/v1/orders/1"), Is.EqualTo(200));
        process.Terminate();
        Assert.That(await process.EndAsync(), Is.Zero, process.Errors);

        // Once of the table's own log, and once of the framework's for each time that readiness was asked.
        string led = $"It led to {_database.Table} of the owner ";
        Assert.That(process.Output.Split('\n').Count(line => line.Contains(led, StringComparison.Ordinal) && !line.Contains("Health check", StringComparison.Ordinal)), Is.EqualTo(1));
    }

    [Test]
    public async Task Requests_say_what_readiness_says_and_names_are_for_operators()
    {
        await _database.ExecuteAsync($"create schema {_database.Schema}_overlay");
        await using RunningApi api = await RunningApi.StartAsync(WithPath($"{_database.Schema}_overlay, {_database.Schema}"));
        Assert.That((await api.GetAsync("/api/v1/orders/1")).Status, Is.EqualTo(200));
        await _database.ExecuteAsync($"create view {_database.Schema}_overlay.orders_synced as select * from {_database.Table}");

        RunningApi.Answer ready = await api.GetAsync("/health/ready");
        RunningApi.Answer[] answers = [ready, await api.GetAsync("/api/v1/orders/1"), await api.GetAsync("/api/v1/orders/stream"), await api.PostStatusAsync(1, Change)];
        Assert.That(answers.Select(answer => (answer.Status, answer.Code, answer.Detail)), Is.All.EqualTo((503, "database_unavailable", ready.Detail)));
        Assert.That(ready.Detail, Does.Contain("another table than when the service started").And.Not.Contain(_database.Schema));
        Assert.That(
            (await api.GetAsOperatorAsync("/health/ready")).Detail,
            Does.Contain(_database.Table).And.Contain($"{_database.Schema}_overlay.orders_synced of the owner"));
        Assert.That(await _database.ScalarAsync<string>($"select o_orderstatus from {_database.Table} where o_orderkey = 1"), Is.EqualTo("O"));
    }

    [Test]
    public async Task A_table_of_another_owner_in_the_same_place_is_not_used()
    {
        await using RunningApi api = await RunningApi.StartAsync(_database.ConnectionString);
        Assert.That((await api.GetAsync("/api/v1/orders/1")).Status, Is.EqualTo(200));
        await _database.CreateRoleAsync($"usage, create on schema {_database.Schema}");
        await _database.ExecuteAsync(
            $"alter table orders_synced rename to kept; create table orders_synced (like kept including all); alter table orders_synced owner to {_database.Schema}_role");
        Assert.That((await api.GetAsOperatorAsync("/health/ready")).Detail, Does.EndWith($"of the owner {_database.Schema}_role."));
        Assert.That((await api.GetAsync("/api/v1/orders/1")).Status, Is.EqualTo(503));
    }

    [TestCase("vacuum full orders_synced")]
    [TestCase("alter table orders_synced rename to old; create table orders_synced (like old including all); insert into orders_synced select * from old")]
    [TestCase("create table fresh (like orders_synced including all); insert into fresh select * from orders_synced; drop table orders_synced; alter table fresh rename to orders_synced")]
    [TestCase("alter table orders_synced rename to kept; create view orders_synced as select * from kept")]
    [TestCase("create role {0}_role; grant usage, create on schema {0} to {0}_role; alter table orders_synced owner to {0}_role")]
    public async Task What_the_owner_does_with_the_table_goes_on(string change)
    {
        await using RunningApi api = await RunningApi.StartAsync(_database.ConnectionString);
        Assert.That((await api.GetAsync("/api/v1/orders/1")).Status, Is.EqualTo(200));
        await _database.ExecuteAsync(change.Replace("{0}", _database.Schema, StringComparison.Ordinal));
        RunningApi.Answer ready = await api.GetAsync("/health/ready");
        Assert.That(ready.Status, Is.EqualTo(200), ready.Body);
        Assert.That((await api.GetAsync("/api/v1/orders/1")).Status, Is.EqualTo(200));
        Assert.That((await api.PostStatusAsync(1, Change)).Status, Is.EqualTo(200));
    }

    private string WithPath(string path) => new NpgsqlConnectionStringBuilder(_database.ConnectionString) { SearchPath = path }.ConnectionString;

    private static async Task<int> StatusAsync(HttpClient client, string path)
    {
        using HttpResponseMessage answer = await client.GetAsync(new Uri(path, UriKind.Relative));
        return (int)answer.StatusCode;
    }
}
