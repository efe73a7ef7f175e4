using Orders.Tests.Support;

namespace Orders.Tests.Api;

/// <summary>A table that is not what it should be: the contract's sentence for each operation, and nothing of the cause.</summary>
internal sealed class FailureTests
{
    private TestDatabase _database = null!;
    private RunningApi _api = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _database = await TestDatabase.CreateEmptyAsync();
        _api = await RunningApi.StartAsync(_database.ConnectionString);
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        await _api.DisposeAsync();
        await _database.DisposeAsync();
    }

    [TestCase("count", "Failed to retrieve order count")]
    [TestCase("sample", "Failed to retrieve sample orders")]
    [TestCase("pages", "Failed to retrieve orders")]
    [TestCase("pages?include_count=false", "Failed to retrieve orders")]
    [TestCase("stream", "Failed to retrieve orders")]
    [TestCase("1", "Internal server error occurred")]
    public async Task A_failure_is_told_in_the_sentence_of_its_operation(string path, string detail) =>
        AssertFailure(await _api.GetAsync($"/api/v1/orders/{path}"), detail);

    [Test]
    public async Task A_failed_change_is_told_in_its_sentence() =>
        AssertFailure(await _api.PostStatusAsync(1, """{"o_orderstatus":"F"}"""), "Failed to update order status");

    [Test]
    public async Task Readiness_says_that_the_table_is_missing()
    {
        RunningApi.Answer answer = await _api.GetAsync("/health/ready");
        Assert.That((answer.Status, answer.Code), Is.EqualTo((503, "database_unavailable")));
        Assert.That(answer.Detail, Does.Contain("orders_synced").And.Contain("migrate"));
    }

    [TestCase("select", "grant update on orders_synced")]
    [TestCase("update", "grant select on orders_synced")]
    public async Task Readiness_names_the_right_that_is_missing(string granted, string remedy)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(1);
        await using RunningApi api = await RunningApi.StartAsync(await database.CreateServingRoleAsync(granted));
        RunningApi.Answer answer = await api.GetAsync("/health/ready");
        Assert.That(answer.Status, Is.EqualTo(503));
        Assert.That(answer.Detail, Does.Contain(remedy));
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

    private static void AssertFailure(RunningApi.Answer answer, string detail)
    {
        Assert.That((answer.Status, answer.ContentType), Is.EqualTo((500, "application/problem+json")), answer.Body);
        Assert.That((answer.Code, answer.Detail), Is.EqualTo(("internal_error", detail)));
        Assert.That(answer.Body, Does.Not.Contain("orders_synced").And.Not.Contain("42P01"));
    }
}
