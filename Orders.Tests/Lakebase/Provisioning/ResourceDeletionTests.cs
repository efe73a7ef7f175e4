using Orders.Application.Lakebase;
using Orders.Tests.Lakebase.Support;

namespace Orders.Tests.Lakebase.Provisioning;

[TestFixture(LakebaseProduct.Provisioned)]
[TestFixture(LakebaseProduct.Autoscaling)]
internal sealed class ResourceDeletionTests(LakebaseProduct product)
{
    private ResourcesRun _run = null!;

    private StandInResources Resources => _run.Resources;

    [SetUp]
    public async Task SetUpAsync()
    {
        _run = await ResourcesRun.StartAsync(product);
        (Resources.ServerTakes, Resources.CopyTakes) = (TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(5));
    }

    [TearDown]
    public async Task TearDownAsync() => await _run.DisposeAsync();

    [Test]
    public async Task All_is_deleted_from_the_last_to_the_first_and_waited_for()
    {
        await _run.CreateAsync();
        ResourceReport report = await _run.DeleteAsync();
        string server = product == LakebaseProduct.Provisioned ? "Database instance" : "Project";
        Assert.That((report.State, report.Message), Is.EqualTo((ResourceState.Succeeded, "All 3 resources deleted successfully.")));
        Assert.That(report.Steps.Select(step => (step.Resource, step.State)), Is.EqualTo(new[]
        {
            ("Synced table", StepState.Done), ("Catalog", StepState.Done), (server, StepState.Done),
        }));
        Assert.That(Resources.Names, Is.Empty);
    }

    [Test]
    public async Task Deleting_twice_is_no_error()
    {
        await _run.CreateAsync();
        await _run.DeleteAsync();
        int changes = Resources.Changes.Count;
        ResourceReport again = await _run.DeleteAsync();
        Assert.That((again.State, again.Message, Resources.Changes.Count), Is.EqualTo((ResourceState.Succeeded, "Nothing was there to delete.", changes)));
    }

    [Test]
    public async Task What_was_deleted_can_be_created_again_at_once()
    {
        await _run.CreateAsync();
        Resources.DeletingTakes = TimeSpan.FromMinutes(4);
        using var stop = new CancellationTokenSource();
        Task<ResourceReport> deletion = _run.Start().DeleteAsync(
            report =>
            {
                if (report.Steps[^1] is { State: StepState.Running, Detail: not null })
                {
                    stop.Cancel();
                }
            },
            stop.Token);
        await _run.PassAsync(deletion.ContinueWith(task => task.IsCanceled ? null! : task.Result, TaskScheduler.Default));
        ResourceReport report = await _run.CreateAsync();
        Assert.That(report.State, Is.EqualTo(ResourceState.Succeeded), report.Message);
    }

    [Test]
    public async Task Stopped_again_and_again_and_asked_again_all_is_deleted()
    {
        await _run.CreateAsync();
        ResourceReport? report = null;
        for (int starts = 0; report?.State != ResourceState.Succeeded; starts++)
        {
            Assert.That(starts, Is.LessThan(100));
            using var stop = new CancellationTokenSource();
            int calls = 0;
            Resources.Refuse = _ =>
            {
                // In the middle of a call, which the workspace carries out.
                if (++calls == 10 + (starts % 7))
                {
                    stop.Cancel();
                }

                return null;
            };
            Task<ResourceReport> work = _run.Start().DeleteAsync(_ => { }, stop.Token);
            report = await _run.PassAsync(work.ContinueWith(task => task.IsCanceled ? null! : task.Result, TaskScheduler.Default));
            Assert.That(report?.State, Is.Not.EqualTo(ResourceState.Failed), string.Join('\n', report?.Steps ?? []));
        }

        Assert.That(Resources.Names, Is.Empty);
    }

    [Test]
    public async Task An_answer_that_is_lost_is_no_failure()
    {
        await _run.CreateAsync();
        Resources.DeletingTakes = TimeSpan.Zero;
        HashSet<string> lost = [];
        Resources.Lose = call => call.StartsWith("DELETE", StringComparison.Ordinal) && lost.Add(call);
        ResourceReport report = await _run.DeleteAsync();
        Assert.That((report.State, report.Message, lost.Count), Is.EqualTo((ResourceState.Succeeded, "All 3 resources deleted successfully.", 3)));
    }

    [Test]
    public async Task What_was_half_made_is_undone()
    {
        Resources.Refuse = call => call.StartsWith("POST", StringComparison.Ordinal) && call.EndsWith("synced_tables", StringComparison.Ordinal)
            ? new StandInWorkspace.Failure(400, """{"error_code":"BAD_REQUEST","message":"No storage."}""")
            : null;
        Assert.That((await _run.CreateAsync()).State, Is.EqualTo(ResourceState.Failed));
        ResourceReport report = await _run.DeleteAsync();
        Assert.That((report.State, report.Message), Is.EqualTo((ResourceState.Succeeded, "All 2 resources deleted successfully.")));
        Assert.That((report.Steps[0].State, Resources.Names), Is.EqualTo((StepState.Missing, Array.Empty<string>())));
    }

    [Test]
    public async Task One_that_can_not_be_deleted_is_told_and_what_it_lies_on_is_left_alone()
    {
        await _run.CreateAsync();
        Resources.Refuse = call => call.StartsWith("DELETE", StringComparison.Ordinal) && call.Contains("/catalogs/", StringComparison.Ordinal)
            ? new StandInWorkspace.Failure(403, """{"error_code":"PERMISSION_DENIED","message":"Not the owner."}""")
            : null;
        ResourceReport report = await _run.DeleteAsync();
        Assert.That((report.State, report.Message), Is.EqualTo((
            ResourceState.Failed, "Deletion completed with errors. 1 resources deleted, 2 failed. Asked for again, it tries those once more.")));
        Assert.That(report.Steps[1].Detail, Does.Contain("Not the owner.").And.Contain("to own the catalog"));
        Assert.That(report.Steps[2].Detail, Does.Contain("left alone"));
        Resources.Refuse = _ => null;
        Assert.That((await _run.DeleteAsync()).Message, Is.EqualTo("All 2 resources deleted successfully."));
    }

    [Test]
    public async Task A_server_that_does_not_go_is_told_after_twenty_minutes()
    {
        await _run.CreateAsync();
        Resources.Refuse = call =>
        {
            Resources.DeletingTakes = call.EndsWith($"/{StandInWorkspace.Instance}", StringComparison.Ordinal) || call.EndsWith("/orders", StringComparison.Ordinal) ? TimeSpan.FromHours(1) : TimeSpan.Zero;
            return null;
        };
        ResourceReport report = await _run.DeleteAsync();
        Assert.That(report.Steps[^1].Detail, Does.StartWith("After 20 minutes it is still not done"));
    }

    [Test]
    public async Task What_the_workspace_has_is_told_without_an_operation()
    {
        ResourceReport before = await _run.DescribeAsync();
        Assert.That((before.State, before.Action, before.Steps.Select(step => step.State).Distinct().Single()), Is.EqualTo((ResourceState.Absent, (ResourceAction?)null, StepState.Missing)));
        await _run.CreateAsync();
        ResourceReport after = await _run.DescribeAsync();
        Assert.That((after.State, after.Pipeline!.Id), Is.EqualTo((ResourceState.Complete, "pipeline-1")));
        Resources.Delete($"synced_tables/{ResourcesRun.Table}");
        ResourceReport meanwhile = await _run.DescribeAsync();
        Assert.That(meanwhile.State, Is.EqualTo(ResourceState.Incomplete));
        Assert.That(meanwhile.Message, Does.Contain("goes on from here"));
    }
}
