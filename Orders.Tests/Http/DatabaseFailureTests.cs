using System.Globalization;
using Orders.Tests.Support;

namespace Orders.Tests.Http;

/// <summary>A table that fails, or that is not there: the contract's sentence for each operation, and nothing of the cause.</summary>
internal sealed class DatabaseFailureTests
{
    private TestDatabase _database = null!;
    private RunningApi _api = null!;
    private TestDatabase _failing = null!;
    private RunningApi _failingApi = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _database = await TestDatabase.CreateEmptyAsync();
        _api = await RunningApi.StartAsync(_database.ConnectionString);
        _failing = await TestDatabase.CreateAsync(1, 2, 3);
        await _failing.ExecuteAsync(
            """
            alter table orders_synced rename to kept;
            create function fail(key bigint) returns boolean language plpgsql as $$ begin raise exception 'A secret of %', key; end $$;
            create view orders_synced as select * from kept where fail(o_orderkey)
            """);
        _failingApi = await RunningApi.StartAsync(_failing.ConnectionString);
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        await _api.DisposeAsync();
        await _database.DisposeAsync();
        await _failingApi.DisposeAsync();
        await _failing.DisposeAsync();
    }

    [TestCase("count", "Failed to retrieve order count")]
    [TestCase("sample", "Failed to retrieve sample orders")]
    [TestCase("pages", "Failed to retrieve orders")]
    [TestCase("pages?include_count=false", "Failed to retrieve orders")]
    [TestCase("stream", "Failed to retrieve orders")]
    [TestCase("1", "Internal server error occurred")]
    public async Task A_failure_is_told_in_the_sentence_of_its_operation(string path, string detail) =>
        AssertFailure(await _failingApi.GetAsync($"/api/v1/orders/{path}"), detail);

    [Test]
    public async Task A_failed_change_is_told_in_its_sentence() =>
        AssertFailure(await _failingApi.PostStatusAsync(1, """{"o_orderstatus":"F"}"""), "Failed to update order status");

    [TestCase("count")]
    [TestCase("sample")]
    [TestCase("pages")]
    [TestCase("stream")]
    [TestCase("1")]
    public async Task Without_the_table_the_answer_says_so(string path)
    {
        RunningApi.Answer answer = await _api.GetAsync($"/api/v1/orders/{path}");
        Assert.That((answer.Status, answer.Code), Is.EqualTo((503, "database_unavailable")), answer.Body);
        Assert.That(answer.Detail, Does.Contain("orders_synced").And.Contain("migrate"));
    }

    [Test]
    public async Task Readiness_says_that_the_table_is_missing()
    {
        RunningApi.Answer answer = await _api.GetAsync("/health/ready");
        Assert.That((answer.Status, answer.Code), Is.EqualTo((503, "database_unavailable")));
        Assert.That(answer.Detail, Does.Contain("orders_synced").And.Contain("migrate"));
    }

    [TestCase("select", "grant update (o_orderstatus) on {0}.orders_synced to {0}_role;")]
    [TestCase("update", "grant select on {0}.orders_synced to {0}_role;")]
    public async Task Readiness_names_the_right_that_is_missing(string granted, string hint)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(1);
        await using RunningApi api = await RunningApi.StartAsync(await database.CreateServingRoleAsync(granted));
        RunningApi.Answer answer = await api.GetAsync("/health/ready");
        Assert.That(answer.Status, Is.EqualTo(503));
        Assert.That(answer.Detail, Does.StartWith("The right to ").And.Not.Contain("grant").And.Not.Contain(database.Schema));
        Assert.That((await api.GetAsOperatorAsync("/health/ready")).Detail, Does.Contain(string.Format(CultureInfo.InvariantCulture, hint, database.Schema)));
    }

    [Test]
    public async Task A_role_that_may_only_select_and_update_is_enough_to_serve()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(1, 2, 3);
        await using RunningApi api = await RunningApi.StartAsync(await database.CreateServingRoleAsync());
        foreach (string path in new[] { "/health/ready", "/api/v1/orders/count", "/api/v1/orders/sample", "/api/v1/orders/pages", "/api/v1/orders/stream", "/api/v1/orders/1" })
        {
            Assert.That((await api.GetAsync(path)).Status, Is.EqualTo(200), path);
        }

        Assert.That((await api.PostStatusAsync(1, """{"o_orderstatus":"F"}""")).Status, Is.EqualTo(200));
    }

    [Test]
    public async Task Rights_on_the_columns_alone_are_enough()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(1, 2, 3);
        string? columns = await database.ScalarAsync<string>(
            "select string_agg(attname, ', ') from pg_attribute where attrelid = 'orders_synced'::regclass and attnum > 0");
        await using RunningApi api = await RunningApi.StartAsync(await database.CreateServingRoleAsync($"select ({columns}), update (o_orderstatus)"));
        Assert.That((await api.GetAsync("/health/ready")).Status, Is.EqualTo(200));
        Assert.That((await api.GetAsync("/api/v1/orders/count")).Status, Is.EqualTo(200));
        Assert.That((await api.PostStatusAsync(1, """{"o_orderstatus":"F"}""")).Status, Is.EqualTo(200));
    }

    [Test]
    public async Task A_read_only_database_is_named_as_such()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(1);
        await using RunningApi api = await RunningApi.StartAsync($"{database.ConnectionString};Options=-c default_transaction_read_only=on");
        RunningApi.Answer change = await api.PostStatusAsync(1, """{"o_orderstatus":"F"}""");
        RunningApi.Answer ready = await api.GetAsync("/health/ready");
        Assert.That((change.Status, change.Code, ready.Status), Is.EqualTo((503, "database_unavailable", 503)));
        Assert.That(change.Detail, Does.Contain("read-only"));
        Assert.That(ready.Detail, Does.Contain("read-only"));
        Assert.That((await api.GetAsync("/api/v1/orders/1")).Status, Is.EqualTo(200));
    }

    [Test]
    public async Task A_table_that_was_replaced_by_another_is_read_at_once()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(1, 2, 3);
        await using RunningApi api = await RunningApi.StartAsync($"{database.ConnectionString};Maximum Pool Size=1");
        for (int warm = 0; warm < 4; warm++)
        {
            await api.GetAsync("/api/v1/orders/1");
            await api.GetAsync("/api/v1/orders/stream");
        }

        await database.ExecuteAsync("alter table orders_synced alter o_shippriority type smallint, alter o_comment type varchar(79)");
        Assert.That((await api.GetAsync("/api/v1/orders/1")).Status, Is.EqualTo(200));
        Assert.That((await api.GetAsync("/api/v1/orders/stream")).Status, Is.EqualTo(200));
    }

    [Test]
    public async Task A_pooled_connection_that_the_server_has_ended_is_not_met_by_a_read()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(1, 2, 3);
        await using RunningApi api = await RunningApi.StartAsync($"{database.ConnectionString};Application Name={database.Schema}");
        Assert.That((await api.GetAsync("/api/v1/orders/1")).Status, Is.EqualTo(200));
        await database.ExecuteAsync($"select pg_terminate_backend(pid) from pg_stat_activity where application_name = '{database.Schema}'");
        Assert.That((await api.GetAsync("/api/v1/orders/1")).Status, Is.EqualTo(200));
    }

    private static void AssertFailure(RunningApi.Answer answer, string detail)
    {
        Assert.That((answer.Status, answer.ContentType), Is.EqualTo((500, "application/problem+json")), answer.Body);
        Assert.That((answer.Code, answer.Detail), Is.EqualTo(("internal_error", detail)));
        Assert.That(answer.Body, Does.Not.Contain("secret").And.Not.Contain("P0001"));
    }
}
