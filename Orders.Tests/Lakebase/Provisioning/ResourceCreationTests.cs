using System.Text.Json.Nodes;
using Orders.Application.Lakebase;
using Orders.Tests.Lakebase.Support;

namespace Orders.Tests.Lakebase.Provisioning;

[TestFixture(LakebaseProduct.Provisioned)]
[TestFixture(LakebaseProduct.Autoscaling)]
internal sealed class ResourceCreationTests(LakebaseProduct product)
{
    private ResourcesRun _run = null!;

    private StandInResources Resources => _run.Resources;

    [SetUp]
    public async Task SetUpAsync() => _run = await ResourcesRun.StartAsync(product);

    [TearDown]
    public async Task TearDownAsync() => await _run.DisposeAsync();

    [Test]
    public async Task In_an_empty_workspace_all_is_made_and_waited_for_until_the_table_is_online()
    {
        DateTimeOffset begun = _run.Time.GetUtcNow();
        ResourceReport report = await _run.CreateAsync();
        Assert.That((report.State, report.Pipeline!.State), Is.EqualTo((ResourceState.Succeeded, "SYNCED_TABLE_ONLINE_NO_PENDING_UPDATE")), report.Message);
        Assert.That(report.Steps.Select(step => step.State), Is.All.EqualTo(StepState.Done));
        Assert.That(report.Message, Does.Contain("Resources created successfully").And.Contain("overlay install"));
        Assert.That(_run.Time.GetUtcNow() - begun, Is.GreaterThan(Resources.ServerTakes + Resources.CopyTakes));
        Assert.That(Resources.Names, Has.Some.EqualTo($"synced_tables/{ResourcesRun.Table}").And.Some.EqualTo($"catalogs/{ResourcesRun.Catalog}").And.Some.Contains($"/roles/"));
    }

    [Test]
    public async Task What_is_asked_of_the_workspace_is_what_the_recipe_asks()
    {
        var asked = new CreateResources { Capacity = "CU_4", NodeCount = 2, EnableReadableSecondaries = true, RetentionWindowInDays = 14 };
        Assert.That((await _run.CreateAsync(asked)).State, Is.EqualTo(ResourceState.Succeeded));
        JsonObject server = Body("POST", product == LakebaseProduct.Provisioned ? "instances" : "projects");
        Assert.That(server.ToJsonString(), Is.EqualTo(product == LakebaseProduct.Provisioned
            ? """{"name":"orders-instance","capacity":"CU_4","node_count":2,"enable_readable_secondaries":true,"retention_window_in_days":14}"""
            : """{"spec":{"display_name":"orders","history_retention_duration":"1209600s","default_endpoint_settings":{"autoscaling_limit_min_cu":0.5,"autoscaling_limit_max_cu":4}},"initial_endpoint_spec":{"autoscaling_limit_min_cu":0.5,"autoscaling_limit_max_cu":4,"group":{"min":2,"max":2,"enable_readable_secondaries":true}}}"""));
        JsonObject table = Body("POST", "synced_tables");
        JsonObject spec = table["spec"]!.AsObject();
        Assert.That(spec["source_table_full_name"]!.ToString(), Is.EqualTo("samples.tpch.orders"));
        Assert.That(spec["primary_key_columns"]!.ToJsonString(), Is.EqualTo("""["o_orderkey"]"""));
        Assert.That((spec["scheduling_policy"]!.ToString(), spec["timeseries_key"]!.ToString()), Is.EqualTo(("SNAPSHOT", "o_orderdate")));
        Assert.That(spec["new_pipeline_spec"]!.ToJsonString(), Is.EqualTo("""{"storage_catalog":"main","storage_schema":"pipelines"}"""));
        Assert.That((table["logical_database_name"] ?? spec["postgres_database"])!.ToString(), Is.EqualTo(ResourcesRun.Database));
    }

    [Test]
    public async Task Asked_again_it_finds_all_there_and_changes_nothing()
    {
        await _run.CreateAsync();
        int changes = Resources.Changes.Count;
        ResourceReport again = await _run.CreateAsync();
        Assert.That((again.State, Resources.Changes.Count), Is.EqualTo((ResourceState.Succeeded, changes)));
    }

    [Test]
    public async Task Stopped_again_and_again_and_asked_again_it_gets_there_and_makes_each_thing_once()
    {
        (Resources.ServerTakes, Resources.CopyTakes) = (TimeSpan.FromSeconds(40), TimeSpan.FromMinutes(1));
        ResourceReport? report = null;
        for (int starts = 0; report?.State != ResourceState.Succeeded; starts++)
        {
            Assert.That(starts, Is.LessThan(100));
            using var stop = new CancellationTokenSource();
            int calls = 0;
            Resources.Refuse = _ =>
            {
                // At another point each time, in the middle of a call.
                if (++calls == 10 + (starts % 7))
                {
                    stop.Cancel();
                }

                return null;
            };
            Task<ResourceReport> work = _run.Start().CreateAsync(new CreateResources(), _ => { }, stop.Token);
            report = await _run.PassAsync(work.ContinueWith(task => task.IsCanceled ? null! : task.Result, TaskScheduler.Default));
        }

        Assert.That(_run.Changes("POST"), Is.Unique);
    }

    [Test]
    public async Task An_answer_that_is_lost_makes_nothing_twice()
    {
        HashSet<string> lost = [];
        Resources.Lose = call => call.StartsWith("POST", StringComparison.Ordinal) && lost.Add(call);
        ResourceReport report = await _run.CreateAsync();
        Assert.That(report.State, Is.EqualTo(ResourceState.Succeeded), report.Message);
        Assert.That(lost, Has.Count.GreaterThanOrEqualTo(3));
    }

    [TestCase(429)]
    [TestCase(503)]
    public async Task Storms_are_waited_out(int status)
    {
        Dictionary<string, int> refusals = [];
        Resources.Refuse = call =>
        {
            refusals[call] = refusals.GetValueOrDefault(call) + 1;
            return refusals[call] <= 4 ? new StandInWorkspace.Failure(status, """{"error_code":"BUSY","message":"Slow down"}""", RetryAfter: 20) : null;
        };
        ResourceReport report = await _run.CreateAsync();
        Assert.That(report.State, Is.EqualTo(ResourceState.Succeeded), report.Message);
        Assert.That(_run.Changes("POST"), Is.Unique);
    }

    [Test]
    public async Task A_workspace_that_is_away_for_a_quarter_of_an_hour_while_orders_are_copied_is_waited_for()
    {
        DateTimeOffset? away = null;
        Resources.Refuse = call =>
        {
            away ??= call.Contains("synced_tables", StringComparison.Ordinal) && call.StartsWith("GET", StringComparison.Ordinal) && Resources.Changes.Any(change => change.Call.Contains("synced_tables", StringComparison.Ordinal)) ? Resources.Now : null;
            return Resources.Now < away + TimeSpan.FromMinutes(15) ? new StandInWorkspace.Failure(503, "<html><title>Down</title></html>", "text/html") : null;
        };
        List<string> details = [];
        ResourceReport report = await _run.CreateAsync(told: seen => details.AddRange(seen.Steps.Select(step => step.Detail).OfType<string>()));
        Assert.That(report.State, Is.EqualTo(ResourceState.Succeeded), report.Message);
        Assert.That(details, Has.Some.Contains("tried again"));
    }

    [Test]
    public async Task Copying_tells_how_far_it_is()
    {
        List<SyncPipeline> seen = [];
        await _run.CreateAsync(told: report => seen.AddRange(report.Pipeline is { } pipeline ? [pipeline] : []));
        Assert.That(seen.Select(pipeline => pipeline.State).Distinct(), Is.EqualTo(new[]
        {
            "SYNCED_TABLE_PROVISIONING_PIPELINE_RESOURCES", "SYNCED_TABLE_PROVISIONING_INITIAL_SNAPSHOT", "SYNCED_TABLE_ONLINE_NO_PENDING_UPDATE",
        }));
        Assert.That(seen.Select(pipeline => pipeline.Completion), Is.Ordered);
        Assert.That(seen[^1].Url!.ToString(), Is.EqualTo($"{_run.Workspace.Url}/pipelines/pipeline-1"));
    }

    [Test]
    public async Task A_name_that_a_deleted_table_still_holds_is_waited_for()
    {
        int refusals = 0;
        Resources.Refuse = call => call.StartsWith("POST", StringComparison.Ordinal) && call.EndsWith("synced_tables", StringComparison.Ordinal) && refusals++ < 10
            ? StandInResources.Taken
            : null;
        ResourceReport report = await _run.CreateAsync();
        Assert.That((report.State, refusals), Is.EqualTo((ResourceState.Succeeded, 11)), report.Message);
    }

    private JsonObject Body(string method, string path) => Resources.Changes
        .First(change => change.Call.StartsWith(method, StringComparison.Ordinal) && change.Call.Split('?')[0].EndsWith($"/{path}", StringComparison.Ordinal)).Body!;
}
