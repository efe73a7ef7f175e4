using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Orders.Infrastructure.Lakebase.Workspace;
using Orders.Tests.Lakebase.Support;

namespace Orders.Tests.Lakebase.Workspace;

/// <summary>A workspace that says when to come back, in all the ways that there are.</summary>
internal sealed class RetryAfterTests
{
    private const string Path = $"api/2.0/database/instances/{StandInWorkspace.Instance}";
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(13);

    /// <summary>Of true time, for calls that may wait for the test's clock.</summary>
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);

    private static readonly StandInWorkspace.Failure[] AtOnce =
    [
        new(503, "", RetryAfter: 0),
        new(429, "") { RetryDate = TimeSpan.Zero },
        new(503, "") { RetryDate = TimeSpan.FromDays(-1) },
        new(429, "") { RetryDate = TimeSpan.FromSeconds(1) },
    ];

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

    [TestCaseSource(nameof(AtOnce))]
    public async Task Who_is_told_to_come_back_at_once_causes_no_storm(StandInWorkspace.Failure failure)
    {
        await CallAsync();
        int calls = _workspace.Calls.Count;
        _workspace.Failing = failure;
        Task call = CallAsync();
        for (int i = 1; i <= 5; i++)
        {
            TimeSpan pause = await _time.WaitForTimerAsync(TimeSpan.FromSeconds(0.5), LongestPause);
            Assert.That(pause.TotalSeconds, Is.InRange(i * 0.7, Math.Max(i * 1.3, 1)));
            Assert.That(_workspace.Calls, Has.Count.EqualTo(calls + i));
            _workspace.Failing = i < 5 ? _workspace.Failing : null;
            _time.Advance(pause);
        }

        await call;
    }

    [TestCase(-3)]
    [TestCase(0)]
    [TestCase(3)]
    public async Task A_moment_to_come_back_is_by_the_workspaces_clock(int hoursAhead)
    {
        await CallAsync();
        _workspace.ClockLead = TimeSpan.FromHours(hoursAhead);
        _workspace.Failing = new StandInWorkspace.Failure(429, "") { RetryDate = TimeSpan.FromSeconds(30) };
        Task<DatabricksAnswer<JsonElement>> call = CallAsync();
        await _time.WaitForTimerAsync(TimeSpan.FromSeconds(30));
        _workspace.ClockLead = TimeSpan.Zero;
        _workspace.Failing = null;
        _time.Advance(TimeSpan.FromSeconds(30));
        Assert.That(() => call, Throws.Nothing);
    }

    [Test]
    public async Task Who_is_told_a_moment_that_is_much_later_does_not_wait()
    {
        await CallAsync();
        _workspace.Failing = new StandInWorkspace.Failure(503, "") { RetryDate = TimeSpan.FromHours(1) };
        Assert.That(
            () => CallAsync().WaitAsync(Deadline),
            Throws.TypeOf<DatabricksException>().With.Property("Status").EqualTo(HttpStatusCode.ServiceUnavailable));
    }

    private Task<DatabricksAnswer<JsonElement>> CallAsync() =>
        _services.GetRequiredService<DatabricksClient>().GetAsync<JsonElement>(Path, CancellationToken.None);
}
