using System.Text.Json.Nodes;
using Orders.Application.Lakebase;
using Orders.Tests.Lakebase.Support;

namespace Orders.Tests.Lakebase.Provisioning;

/// <summary>A server is deleted only when all that it holds is known to be what is configured here.</summary>
[TestFixture(LakebaseProduct.Provisioned)]
[TestFixture(LakebaseProduct.Autoscaling)]
internal sealed class ResourceProtectionTests(LakebaseProduct product)
{
    private ResourcesRun _run = null!;

    private StandInResources Resources => _run.Resources;

    private bool IsProvisioned => product == LakebaseProduct.Provisioned;

    private string Server => IsProvisioned ? $"instances/{StandInWorkspace.Instance}" : "projects/orders";

    [SetUp]
    public async Task SetUpAsync()
    {
        _run = await ResourcesRun.StartAsync(product);
        (Resources.ServerTakes, Resources.CopyTakes) = (TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(5));
        await _run.CreateAsync();
    }

    [TearDown]
    public async Task TearDownAsync() => await _run.DisposeAsync();

    [Test]
    public async Task A_table_of_that_name_from_another_source_keeps_the_catalog_and_the_server_that_it_lies_on()
    {
        Resources.Answer = call => call.StartsWith("GET", StringComparison.Ordinal) && call.EndsWith($"synced_tables/{ResourcesRun.Table}", StringComparison.Ordinal)
            ? JsonNode.Parse("""{"spec":{"source_table_full_name":"main.sales.invoices"}}""")
            : null;
        ResourceReport report = await _run.DeleteAsync();
        Assert.That(report.Steps.Select(step => step.State), Is.All.EqualTo(StepState.Failed), report.Message);
        Assert.That(report.Steps[0].Detail, Does.Contain("synced from main.sales.invoices").And.Contain("left alone"));
        Assert.That(report.Steps[2].Detail, Does.Contain("what lies on it could not be deleted"));
        Assert.That(_run.Changes("DELETE"), Is.Empty);
    }

    [Test]
    public async Task A_server_with_something_of_somebody_else_is_left_alone_and_that_is_named()
    {
        (string Name, string Told)[] others = IsProvisioned
            ? [("catalogs/billing", "the catalog billing"), ("synced_tables/main.public.invoices", "the synced table main.public.invoices")]
            : [("projects/orders/branches/production/endpoints/reports", "branches/production/endpoints/reports"), ("projects/orders/branches/development", "branches/development")];
        foreach ((string name, _) in others)
        {
            Resources.Add(name, new JsonObject { ["name"] = name.Split('/', 2)[1], ["database_instance_name"] = StandInWorkspace.Instance }, TimeSpan.Zero);
        }

        await AssertIsLeftAsync("not configured here", others[0].Told, others[1].Told);
    }

    [TestCase(400)]
    [TestCase(403)]
    [TestCase(404)]
    [TestCase(501)]
    public async Task A_server_of_which_the_workspace_does_not_tell_what_it_holds_is_left_alone(int status)
    {
        Resources.Refuse = call => IsList(call) ? new StandInWorkspace.Failure(status, """{"error_code":"NO_LISTS","message":"Not here."}""") : null;
        await AssertIsLeftAsync("does not tell what it holds", "NO_LISTS");
    }

    [Test]
    public async Task A_server_that_holds_what_has_no_name_is_left_alone()
    {
        Resources.Answer = call => IsList(call) ? new JsonObject { [IsProvisioned ? "database_catalogs" : "branches"] = new JsonArray(new JsonObject()) } : null;
        await AssertIsLeftAsync("(nameless)");
    }

    [Test]
    public async Task Lists_that_fail_for_a_while_are_asked_for_again()
    {
        int failures = 0;
        Resources.Refuse = call => IsList(call) && failures++ < 3 ? new StandInWorkspace.Failure(500, "") : null;
        ResourceReport report = await _run.DeleteAsync();
        Assert.That((report.State, Resources.Names), Is.EqualTo((ResourceState.Succeeded, Array.Empty<string>())), report.Message);
    }

    [Test]
    public async Task A_server_that_somebody_deletes_already_is_waited_for_though_its_lists_are_gone()
    {
        Resources.Delete(Server);
        Resources.Refuse = call => IsList(call) ? StandInResources.NotFound : null;
        ResourceReport report = await _run.DeleteAsync();
        Assert.That(report.Steps[^1].State, Is.Not.EqualTo(StepState.Failed), report.Message);
        Assert.That(_run.Changes("DELETE"), Has.None.EndsWith(Server));
    }

    [Test]
    public async Task A_right_that_is_missing_for_a_server_that_is_being_deleted_is_told_at_once()
    {
        Resources.DeletingTakes = TimeSpan.FromHours(1);
        Resources.Delete(Server);
        Resources.DeletingTakes = TimeSpan.Zero;
        Resources.Refuse = call => call.StartsWith("DELETE", StringComparison.Ordinal) && call.EndsWith(Server, StringComparison.Ordinal)
            ? new StandInWorkspace.Failure(403, """{"error_code":"PERMISSION_DENIED","message":"Not the owner."}""")
            : null;
        DateTimeOffset begun = _run.Time.GetUtcNow();
        ResourceReport report = await _run.DeleteAsync();
        Assert.That(report.Steps[^1].Detail, Does.Contain("Not the owner. (PERMISSION_DENIED)"));
        Assert.That(_run.Time.GetUtcNow() - begun, Is.LessThan(TimeSpan.FromMinutes(2)));
    }

    /// <summary>Of what the server holds, which is asked for when the rest is deleted.</summary>
    private bool IsList(string call) => call.StartsWith("GET", StringComparison.Ordinal)
        && (IsProvisioned ? call.Contains($"{Server}/", StringComparison.Ordinal) && !call.Contains("/roles", StringComparison.Ordinal) : call.EndsWith("/branches", StringComparison.Ordinal));

    private async Task AssertIsLeftAsync(params string[] words)
    {
        ResourceReport report = await _run.DeleteAsync();
        Assert.That(report.Steps.Select(step => step.State), Is.EqualTo(new[] { StepState.Done, StepState.Done, StepState.Failed }));
        Assert.That(report.Steps[^1].Detail, Does.Contain("left alone"));
        foreach (string word in words)
        {
            Assert.That(report.Steps[^1].Detail, Does.Contain(word));
        }

        Assert.That(Resources.Find(Server), Is.Not.Null);
        Assert.That(_run.Changes("DELETE"), Has.None.EndsWith(Server));
    }
}
