using Orders.Application.Lakebase;
using Orders.Tests.Lakebase.Support;

namespace Orders.Tests.Lakebase.Provisioning;

/// <summary>What answers "not found" to everything says nothing of what is there, and what is there costs money.</summary>
[TestFixture(LakebaseProduct.Provisioned)]
[TestFixture(LakebaseProduct.Autoscaling)]
internal sealed class NotFoundAnswerTests(LakebaseProduct product)
{
    private const string NoApi = """{"error_code":"ENDPOINT_NOT_FOUND","message":"No API found"}""";
    private const string NoCode = """{"message":"Not found"}""";
    private const string Page = "<html><title>404 Not Found</title></html>";

    private ResourcesRun _run = null!;

    [SetUp]
    public async Task SetUpAsync()
    {
        _run = await ResourcesRun.StartAsync(product);
        (_run.Resources.ServerTakes, _run.Resources.CopyTakes) = (TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(5));
    }

    [TearDown]
    public async Task TearDownAsync() => await _run.DisposeAsync();

    [TestCase(NoApi, "application/json")]
    [TestCase(NoCode, "application/json")]
    [TestCase(Page, "text/html")]
    [TestCase("", "text/plain")]
    public async Task Nothing_is_said_to_be_deleted_or_not_there(string body, string contentType)
    {
        await _run.CreateAsync();
        _run.Resources.Refuse = _ => new StandInWorkspace.Failure(404, body, contentType);
        ResourceReport deleted = await _run.DeleteAsync();
        Assert.That((deleted.State, deleted.Steps[0].State), Is.EqualTo((ResourceState.Failed, StepState.Failed)));
        Assert.That(deleted.Steps[0].Detail, Does.Contain("Lakebase:WorkspaceHost"));
        Assert.That(() => _run.DescribeAsync(), Throws.TypeOf<WorkspaceUnavailableException>().With.Message.Contains("Lakebase:WorkspaceHost"));
    }

    [TestCase("RESOURCE_DOES_NOT_EXIST")]
    [TestCase("NOT_FOUND")]
    [TestCase("CATALOG_DOES_NOT_EXIST")]
    [TestCase("TABLE_NOT_FOUND")]
    public async Task What_the_workspace_says_is_not_there_is_not_there(string code)
    {
        _run.Resources.Refuse = _ => new StandInWorkspace.Failure(404, $$"""{"error_code":"{{code}}","message":"It is not there."}""");
        Assert.That((await _run.DescribeAsync()).State, Is.EqualTo(ResourceState.Absent));
        Assert.That((await _run.DeleteAsync()).Message, Is.EqualTo("Nothing was there to delete."));
    }

    [Test]
    public async Task Resources_are_described_where_there_are_no_calls_for_roles()
    {
        await _run.CreateAsync();
        _run.Resources.Refuse = call => call.Contains("/roles", StringComparison.Ordinal) ? new StandInWorkspace.Failure(404, NoApi) : null;
        Assert.That((await _run.DescribeAsync()).State, Is.EqualTo(ResourceState.Complete));
    }
}
