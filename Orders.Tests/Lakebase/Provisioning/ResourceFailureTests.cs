using System.Text.Json.Nodes;
using Orders.Application.Lakebase;
using Orders.Tests.Lakebase.Support;

namespace Orders.Tests.Lakebase.Provisioning;

/// <summary>What can't be made is told, with what mends it.</summary>
[TestFixture(LakebaseProduct.Provisioned)]
[TestFixture(LakebaseProduct.Autoscaling)]
internal sealed class ResourceFailureTests(LakebaseProduct product)
{
    private ResourcesRun _run = null!;

    private StandInResources Resources => _run.Resources;

    [SetUp]
    public async Task SetUpAsync() => _run = await ResourcesRun.StartAsync(product);

    [TearDown]
    public async Task TearDownAsync() => await _run.DisposeAsync();

    [Test]
    public async Task A_server_that_does_not_become_available_is_given_up_after_twenty_minutes_and_taken_up_later()
    {
        Resources.ServerTakes = TimeSpan.FromMinutes(25);
        DateTimeOffset begun = _run.Time.GetUtcNow();
        ResourceReport report = await _run.CreateAsync();
        Assert.That(report.State, Is.EqualTo(ResourceState.Failed));
        Assert.That(report.Message, Does.StartWith(product == LakebaseProduct.Provisioned ? "Database instance" : "Project").And.Contain("After 20 minutes it is still not done").And.Contain("goes on from here"));
        Assert.That(_run.Time.GetUtcNow() - begun, Is.InRange(TimeSpan.FromMinutes(20), TimeSpan.FromMinutes(21)));
        Assert.That(report.Steps[^1].State, Is.EqualTo(StepState.Waiting));
        Assert.That((await _run.CreateAsync()).State, Is.EqualTo(ResourceState.Succeeded));
        Assert.That(_run.Changes("POST"), Is.Unique);
    }

    [Test]
    public async Task A_pipeline_that_fails_is_told_with_its_own_words()
    {
        Resources.CopyFails = true;
        ResourceReport report = await _run.CreateAsync();
        Assert.That((report.State, report.Steps[^1].State), Is.EqualTo((ResourceState.Failed, StepState.Failed)));
        Assert.That(report.Message, Does.Contain("OFFLINE_FAILED").And.Contain("The source can't be read.").And.Contain("delete"));
    }

    [Test]
    public async Task A_right_that_is_missing_is_named()
    {
        Resources.Refuse = call => call.StartsWith("POST", StringComparison.Ordinal) && call.EndsWith("/catalogs", StringComparison.Ordinal)
            ? new StandInWorkspace.Failure(403, """{"error_code":"PERMISSION_DENIED","message":"No."}""")
            : null;
        ResourceReport report = await _run.CreateAsync();
        Assert.That(report.State, Is.EqualTo(ResourceState.Failed));
        Assert.That(report.Message, Does.Contain("No. (PERMISSION_DENIED)").And.Contain("CREATE CATALOG on the metastore"));
        Assert.That(report.Steps.Single(step => step.Resource == "Synced table").State, Is.EqualTo(StepState.Waiting));
    }

    [Test]
    public async Task A_server_of_another_size_is_told_and_left_as_it_is()
    {
        await _run.CreateAsync();
        ResourceReport report = await _run.CreateAsync(new CreateResources { Capacity = "CU_8", RetentionWindowInDays = 30 });
        Assert.That(report.State, Is.EqualTo(ResourceState.Failed));
        Assert.That(report.Message, Does.Contain("7 where 30 was asked for").And.Contain("left as it is"));
        Assert.That(_run.Changes("POST"), Is.Unique);
    }

    [Test]
    public async Task A_catalog_of_another_server_is_told_and_left_alone()
    {
        await _run.CreateAsync();
        bool isProvisioned = product == LakebaseProduct.Provisioned;
        JsonObject catalog = Resources.Find($"catalogs/{ResourcesRun.Catalog}")!.Body;
        (isProvisioned ? catalog : catalog["spec"]!.AsObject())[isProvisioned ? "database_instance_name" : "branch"] = "another";
        ResourceReport created = await _run.CreateAsync();
        ResourceReport deleted = await _run.DeleteAsync();
        Assert.That((created.State, deleted.State), Is.EqualTo((ResourceState.Failed, ResourceState.Failed)));
        Assert.That(created.Message, Does.Contain("belongs to the").And.Contain("another"));
        Assert.That(Resources.Names, Has.Some.EqualTo($"catalogs/{ResourcesRun.Catalog}"));
    }

    [Test]
    public async Task A_role_that_can_not_be_made_is_left_out()
    {
        Resources.Refuse = call => call.Contains("/roles", StringComparison.Ordinal)
            ? new StandInWorkspace.Failure(404, """{"error_code":"ENDPOINT_NOT_FOUND","message":"No API found"}""")
            : null;
        ResourceReport report = await _run.CreateAsync();
        Assert.That(report.State, Is.EqualTo(ResourceState.Succeeded), report.Message);
        Assert.That(report.Steps.Single(step => step.Resource == "Role").State, Is.EqualTo(StepState.Skipped));
        Assert.That(report.Message, Does.Contain("databricks_create_role"));
    }

    [Test]
    public async Task A_name_that_stays_taken_by_something_else_is_told()
    {
        Resources.Refuse = call => call.StartsWith("POST", StringComparison.Ordinal) && call.EndsWith("catalogs", StringComparison.Ordinal) ? StandInResources.Taken : null;
        ResourceReport report = await _run.CreateAsync();
        Assert.That(report.State, Is.EqualTo(ResourceState.Failed));
        Assert.That(report.Message, Does.StartWith($"Catalog {ResourcesRun.Catalog}: ").And.Contain("already exists"));
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task A_table_that_somebody_deletes_while_it_is_filled_is_not_waited_for(bool atOnce)
    {
        Resources.DeletingTakes = atOnce ? TimeSpan.Zero : TimeSpan.FromMinutes(10);
        bool isDeleted = false;
        ResourceReport report = await _run.CreateAsync(told: seen =>
        {
            if (!isDeleted && seen.Pipeline?.State == "SYNCED_TABLE_PROVISIONING_INITIAL_SNAPSHOT")
            {
                isDeleted = true;
                Resources.Delete($"synced_tables/{ResourcesRun.Table}");
            }
        });
        Assert.That((report.State, report.Steps[^1].State), Is.EqualTo((ResourceState.Failed, StepState.Failed)));
        Assert.That(report.Steps[^1].Detail, Does.Contain("delete"));
    }
}
