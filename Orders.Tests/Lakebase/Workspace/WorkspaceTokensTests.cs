using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Orders.Infrastructure.Lakebase.Workspace;
using Orders.Tests.Lakebase.Support;

namespace Orders.Tests.Lakebase.Workspace;

internal sealed class WorkspaceTokensTests
{
    private const string Path = $"api/2.0/database/instances/{StandInWorkspace.Instance}";

    private SteppedTime _time = null!;
    private StandInWorkspace _workspace = null!;
    private ServiceProvider _services = null!;

    [SetUp]
    public async Task SetUpAsync()
    {
        _time = new SteppedTime();
        _workspace = await StandInWorkspace.StartAsync(_time, _ => { });
        _services = WorkspaceServices.Create(_workspace.Url, _time);
    }

    [TearDown]
    public async Task TearDownAsync()
    {
        await _services.DisposeAsync();
        await _workspace.DisposeAsync();
    }

    [Test]
    public async Task One_sign_in_serves_many_calls_and_is_renewed_before_its_end()
    {
        for (int minutes = 0; minutes < 180; minutes += 10)
        {
            await CallAsync();
            _time.Advance(TimeSpan.FromMinutes(10));
        }

        // Every forty minutes of the hour that a token lasts.
        Assert.That(SignIns, Is.EqualTo(5));
    }

    [Test]
    public async Task Many_callers_share_one_sign_in()
    {
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => CallAsync()));
        Assert.That(SignIns, Is.EqualTo(1));
    }

    [Test]
    public async Task A_sign_in_that_is_revoked_is_renewed_at_once()
    {
        await CallAsync();
        _workspace.RevokeAccessTokens();
        Assert.That(async () => await CallAsync(), Throws.Nothing);
        Assert.That(SignIns, Is.EqualTo(2));
    }

    [Test]
    public async Task A_sign_in_that_can_not_be_renewed_serves_until_its_end()
    {
        Secret signedIn = await _services.GetRequiredService<WorkspaceTokens>().GetAsync(CancellationToken.None);
        _workspace.Failing = new StandInWorkspace.Failure(500, "");
        _time.Advance(TimeSpan.FromMinutes(50));
        Assert.That(await _services.GetRequiredService<WorkspaceTokens>().GetAsync(CancellationToken.None), Is.SameAs(signedIn));
        _time.Advance(TimeSpan.FromMinutes(10));
        Assert.That(() => _services.GetRequiredService<WorkspaceTokens>().GetAsync(CancellationToken.None), Throws.TypeOf<DatabricksException>());
    }

    [Test]
    public void A_wrong_secret_is_told_with_the_remedy()
    {
        using ServiceProvider services = WorkspaceServices.Create(_workspace.Url, _time, "wrong");
        DatabricksException failure = Assert.ThrowsAsync<DatabricksException>(
            () => services.GetRequiredService<DatabricksClient>().GetAsync<JsonElement>(Path, CancellationToken.None))!;
        Assert.That((failure.Status, failure.Code), Is.EqualTo(((HttpStatusCode?)HttpStatusCode.Unauthorized, "invalid_client")));
        Assert.That(failure.Reason, Does.Contain("client id and secret"));
    }

    private int SignIns => _workspace.Calls.Count(path => path == "POST /oidc/v1/token");

    private Task<DatabricksAnswer<JsonElement>> CallAsync() =>
        _services.GetRequiredService<DatabricksClient>().GetAsync<JsonElement>(Path, CancellationToken.None);
}
