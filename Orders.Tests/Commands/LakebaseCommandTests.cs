using Orders.Tests.Lakebase.Support;
using Orders.Tests.Support;

namespace Orders.Tests.Commands;

/// <summary>The commands as processes, with the recipe's variables, without a database and without a key.</summary>
internal sealed class LakebaseCommandTests
{
    private StandInWorkspace _workspace = null!;

    private StandInResources Resources => _workspace.Resources!;

    [SetUp]
    public async Task SetUpAsync()
    {
        _workspace = await StandInWorkspace.StartAsync(TimeProvider.System, _ => { });
        _workspace.Resources = new StandInResources(TimeProvider.System) { ServerTakes = TimeSpan.Zero, CopyTakes = TimeSpan.Zero, DeletingTakes = TimeSpan.Zero };
    }

    [TearDown]
    public async Task TearDownAsync() => await _workspace.DisposeAsync();

    [Test]
    public async Task From_nothing_to_all_and_back_each_change_is_a_line()
    {
        using ApiProcess before = Start("lakebase", "status");
        Assert.That(await before.EndAsync(), Is.EqualTo(1));
        Assert.That(before.Output, Does.Contain("None is there."));

        using ApiProcess create = Start("lakebase", "create", "--yes", "--capacity", "CU_2");
        Assert.That(await create.EndAsync(), Is.Zero, create.Errors);
        Assert.That(create.Errors, Does
            .Contain($"Database instance {StandInWorkspace.Instance}: in progress (asked for)").And
            .Contain($"Synced table my-catalog.public.orders_synced: done").And
            .Contain("Pipeline my-catalog.public.orders_synced: done (SYNCED_TABLE_ONLINE_NO_PENDING_UPDATE)").And
            .Contain("Resources created successfully"));
        Assert.That(Resources.Changes.First().Body!["capacity"]!.ToString(), Is.EqualTo("CU_2"));

        using ApiProcess status = Start("lakebase", "status");
        Assert.That(await status.EndAsync(), Is.Zero, status.Output);
        Assert.That(status.Output, Does.Contain("All are there, and the synced table is online.").And.Contain("/pipelines/pipeline-1"));

        using ApiProcess delete = Start("lakebase", "delete", "--yes");
        Assert.That(await delete.EndAsync(), Is.Zero, delete.Errors);
        Assert.That(delete.Errors, Does.Contain($"  Catalog: my-catalog").And.Contain("All 3 resources deleted successfully."));
        Assert.That(Resources.Names, Is.Empty);
    }

    [TestCase("create")]
    [TestCase("delete")]
    public async Task Where_nobody_can_be_asked_nothing_is_done(string command)
    {
        using ApiProcess process = Start("lakebase", command);
        Assert.That(await process.EndAsync(), Is.EqualTo(1));
        Assert.That(process.Errors, Does.Contain("Database instance: orders-instance").And.Contain("Nothing was done").And.Contain("--yes"));
        Assert.That(Resources.Changes, Is.Empty);
    }

    [Test]
    public async Task A_signal_ends_the_waiting_and_says_how_it_goes_on()
    {
        Resources.ServerTakes = TimeSpan.FromHours(1);
        var begun = new TaskCompletionSource();
        Resources.Refuse = call =>
        {
            if (call.StartsWith("GET", StringComparison.Ordinal) && !Resources.Changes.IsEmpty)
            {
                begun.TrySetResult();
            }

            return null;
        };
        using ApiProcess process = Start("lakebase", "create", "--yes");
        await begun.Task.WaitAsync(TimeSpan.FromSeconds(30));
        process.Terminate();
        Assert.That(await process.EndAsync(), Is.EqualTo(130), process.Errors);
        Assert.That(process.Errors, Does.Contain("Stopped waiting.").And.Contain("lakebase create goes on"));
    }

    [Test]
    public async Task A_failure_is_a_sentence_and_exit_code_1()
    {
        Resources.Refuse = call => call.StartsWith("POST", StringComparison.Ordinal) ? new StandInWorkspace.Failure(403, """{"error_code":"PERMISSION_DENIED","message":"No."}""") : null;
        using ApiProcess process = Start("lakebase", "create", "--yes");
        Assert.That(await process.EndAsync(), Is.EqualTo(1));
        Assert.That(process.Errors, Does.Contain("No. (PERMISSION_DENIED) It takes the right to create"));
    }

    [Test]
    public async Task A_workspace_that_refuses_the_sign_in_is_told()
    {
        using ApiProcess process = Start("lakebase", "status", "--Lakebase:ClientSecret=wrong");
        Assert.That(await process.EndAsync(), Is.EqualTo(1));
        Assert.That(process.Errors, Does.Contain("client id and secret"));
    }

    [TestCase("--capacity", "CU_3")]
    [TestCase("--node-count", "5")]
    [TestCase("--retention-window-in-days", "1")]
    [TestCase("--enable-readable-secondaries")]
    public async Task Wrong_options_are_refused(params string[] options)
    {
        using ApiProcess process = Start(["lakebase", "create", "--yes", .. options]);
        Assert.That(await process.EndAsync(), Is.EqualTo(1));
        Assert.That(process.Errors, Does.Contain(options[0]).Or.Contain(options[^1]));
        Assert.That(Resources.Changes, Is.Empty);
    }

    private ApiProcess Start(params string[] arguments) => ApiProcess.Start("Production", new Dictionary<string, string>
    {
        ["LAKEBASE_INSTANCE_NAME"] = StandInWorkspace.Instance,
        ["LAKEBASE_CATALOG_NAME"] = "my-catalog",
        ["SYNCHED_TABLE_STORAGE_CATALOG"] = "main",
        ["SYNCHED_TABLE_STORAGE_SCHEMA"] = "default",
        ["DATABRICKS_HOST"] = _workspace.Url,
        ["DATABRICKS_CLIENT_ID"] = StandInWorkspace.ClientId,
        ["DATABRICKS_CLIENT_SECRET"] = StandInWorkspace.ClientSecret,
    }, arguments);
}
