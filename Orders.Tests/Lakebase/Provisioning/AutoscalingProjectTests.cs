using System.Text.Json.Nodes;
using Orders.Application.Lakebase;
using Orders.Tests.Lakebase.Support;

namespace Orders.Tests.Lakebase.Provisioning;

/// <summary>A project holds branches, and those hold databases: it may be shared.</summary>
internal sealed class AutoscalingProjectTests
{
    private ResourcesRun _run = null!;

    private StandInResources Resources => _run.Resources;

    [SetUp]
    public async Task SetUpAsync()
    {
        _run = await ResourcesRun.StartAsync(LakebaseProduct.Autoscaling);
        (Resources.ServerTakes, Resources.CopyTakes) = (TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(5));
    }

    [TearDown]
    public async Task TearDownAsync() => await _run.DisposeAsync();

    [Test]
    public async Task One_with_a_branch_of_somebody_else_is_not_deleted()
    {
        await _run.CreateAsync();
        Resources.Add("projects/orders/branches/development", [], TimeSpan.Zero);
        await AssertIsLeftAsync("projects/orders/branches/development");
    }

    [Test]
    public async Task One_with_a_database_of_somebody_else_is_not_deleted()
    {
        await _run.CreateAsync();
        Resources.Add("projects/orders/branches/production/databases/db-1", new JsonObject { ["spec"] = new JsonObject { ["postgres_database"] = "billing" } }, TimeSpan.Zero);
        await AssertIsLeftAsync("projects/orders/branches/production/databases/billing");
    }

    [TestCase("branches", """{"branches":[]}""")]
    [TestCase("databases", "{}")]
    public async Task One_whose_lists_are_empty_has_not_told_what_it_holds_and_is_not_deleted(string kind, string answer)
    {
        await _run.CreateAsync();
        Resources.Answer = call => call.StartsWith("GET", StringComparison.Ordinal) && call.EndsWith($"/{kind}", StringComparison.Ordinal) ? JsonNode.Parse(answer) : null;
        await AssertIsLeftAsync("does not tell what it holds");
    }

    [Test]
    public async Task One_with_a_database_that_has_no_status_is_not_deleted()
    {
        await _run.CreateAsync();
        Resources.Answer = call => call.StartsWith("GET", StringComparison.Ordinal) && call.EndsWith("/databases", StringComparison.Ordinal)
            ? JsonNode.Parse("""{"databases":[{"name":"projects/orders/branches/production/databases/db-1","spec":{"postgres_database":"billing"}}]}""")
            : null;
        await AssertIsLeftAsync("not configured here");
    }

    [Test]
    public async Task A_branch_of_another_name_than_the_first_is_made_with_its_endpoint_and_goes_with_the_project()
    {
        (string, string?) endpoint = ("Lakebase:Endpoint", "projects/orders/branches/live/endpoints/primary");
        ResourceReport created = await _run.PassAsync(_run.Start(endpoint).CreateAsync(new CreateResources(), _ => { }, CancellationToken.None));
        Assert.That(created.State, Is.EqualTo(ResourceState.Succeeded), created.Message);
        Assert.That(Resources.Names, Has.Some.EqualTo("projects/orders/branches/live/endpoints/primary"));
        ResourceReport deleted = await _run.PassAsync(_run.Start(endpoint).DeleteAsync(_ => { }, CancellationToken.None));
        Assert.That((deleted.State, Resources.Names), Is.EqualTo((ResourceState.Succeeded, Array.Empty<string>())), deleted.Message);
    }

    [Test]
    public async Task An_endpoint_of_another_name_than_its_branchs_own_is_told()
    {
        (string, string?) endpoint = ("Lakebase:Endpoint", "projects/orders/branches/production/endpoints/fast");
        ResourceReport report = await _run.PassAsync(_run.Start(endpoint).CreateAsync(new CreateResources(), _ => { }, CancellationToken.None));
        Assert.That(report.State, Is.EqualTo(ResourceState.Failed));
        Assert.That(report.Message, Does.StartWith("Endpoint ").And.Contain("read_write endpoint already exists"));
    }

    [Test]
    public async Task An_operation_that_fails_is_told_with_its_own_words()
    {
        Resources.Answer = call => call.StartsWith("GET", StringComparison.Ordinal) && call.EndsWith("/operations/1", StringComparison.Ordinal)
            ? JsonNode.Parse("""{"name":"projects/orders/operations/1","done":true,"error":{"error_code":"RESOURCE_EXHAUSTED","message":"No more projects here."}}""")
            : null;
        ResourceReport report = await _run.CreateAsync();
        Assert.That(report.State, Is.EqualTo(ResourceState.Failed));
        Assert.That(report.Message, Does.StartWith("Project projects/orders: No more projects here. (RESOURCE_EXHAUSTED)"));
    }

    private async Task AssertIsLeftAsync(string other)
    {
        ResourceReport report = await _run.DeleteAsync();
        Assert.That(report.State, Is.EqualTo(ResourceState.Failed));
        Assert.That(report.Steps.Select(step => step.State), Is.EqualTo(new[] { StepState.Done, StepState.Done, StepState.Failed }));
        Assert.That(report.Steps[^1].Detail, Does.Contain("left alone").And.Contain(other));
        Assert.That(Resources.Find("projects/orders"), Is.Not.Null);
        Assert.That(_run.Changes("DELETE"), Has.None.EndsWith("projects/orders"));
    }
}
