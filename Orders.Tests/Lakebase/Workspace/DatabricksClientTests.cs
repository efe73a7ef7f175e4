using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Orders.Infrastructure.Lakebase.Workspace;
using Orders.Tests.Lakebase.Support;

namespace Orders.Tests.Lakebase.Workspace;

internal sealed class DatabricksClientTests
{
    private const string Path = $"api/2.0/database/instances/{StandInWorkspace.Instance}";
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(13);

    private SteppedTime _time = null!;
    private StandInWorkspace _workspace = null!;
    private ServiceProvider _services = null!;

    private DatabricksClient Client => _services.GetRequiredService<DatabricksClient>();

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
    public async Task A_storm_of_429_is_waited_out_as_long_as_it_says()
    {
        await CallAsync();
        _workspace.Failing = new StandInWorkspace.Failure(429, """{"error_code":"RESOURCE_EXHAUSTED","message":"Slow down"}""", RetryAfter: 7);
        Task call = CallAsync();
        for (int i = 0; i < 5; i++)
        {
            await _time.WaitForTimerAsync(TimeSpan.FromSeconds(7));
            Assert.That(call.IsCompleted, Is.False);
            if (i == 4)
            {
                _workspace.Failing = null;
            }

            _time.Advance(TimeSpan.FromSeconds(7));
        }

        await call;
        Assert.That(_workspace.Calls.Count(path => path == $"GET /{Path}"), Is.EqualTo(1 + 6));
    }

    [Test]
    public async Task Without_a_word_on_when_to_come_back_the_pauses_grow_to_ten_seconds()
    {
        await CallAsync();
        _workspace.Failing = new StandInWorkspace.Failure(503, "");
        Task call = CallAsync();
        for (int i = 1; i <= 12; i++)
        {
            // A quarter more or less, so that clients spread.
            TimeSpan expected = TimeSpan.FromSeconds(Math.Min(i, 10));
            TimeSpan pause = await _time.WaitForTimerAsync(TimeSpan.FromSeconds(0.5), LongestPause);
            Assert.That(pause, Is.InRange(expected * 0.7, expected * 1.3));
            if (i == 12)
            {
                _workspace.Failing = null;
            }

            _time.Advance(pause);
        }

        await call;
    }

    [Test]
    public async Task A_storm_without_end_is_given_up_after_five_minutes_and_said_to_be_one()
    {
        await CallAsync();
        _workspace.Failing = new StandInWorkspace.Failure(429, "", RetryAfter: 30);
        Task call = CallAsync();
        DateTimeOffset begun = _time.GetUtcNow();
        await _time.PassAsync(call, TimeSpan.FromSeconds(30));
        DatabricksException failure = Assert.ThrowsAsync<DatabricksException>(() => call)!;
        Assert.That((failure.Status, failure.Code), Is.EqualTo(((HttpStatusCode?)null, DatabricksException.TimedOut)));
        Assert.That(failure.Message, Does.Contain("429"));
        Assert.That(_time.GetUtcNow() - begun, Is.InRange(TimeSpan.FromSeconds(300), TimeSpan.FromSeconds(330)));
    }

    [Test]
    public async Task Who_is_told_to_come_back_much_later_does_not_wait()
    {
        await CallAsync();
        _workspace.Failing = new StandInWorkspace.Failure(429, "", RetryAfter: 3600);
        Assert.That(() => CallAsync(), Throws.TypeOf<DatabricksException>().With.Property("Status").EqualTo(HttpStatusCode.TooManyRequests));
    }

    [Test]
    public async Task A_workspace_that_can_not_be_reached_is_tried_again()
    {
        await using ServiceProvider services = WorkspaceServices.Create("http://127.0.0.1:1", _time);
        Task call = services.GetRequiredService<DatabricksClient>().GetAsync<JsonElement>(Path, CancellationToken.None);
        int pauses = 0;
        await _time.PassAsync(call, LongestPause, _ => pauses++);
        DatabricksException failure = Assert.ThrowsAsync<DatabricksException>(() => call)!;
        Assert.That(pauses, Is.GreaterThan(20));
        Assert.That(failure.Reason + failure.Message, Does.Not.Contain("127.0.0.1"));
    }

    [Test]
    public async Task A_request_without_an_answer_is_tried_again_after_a_minute()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        await using ServiceProvider services = WorkspaceServices.Create($"http://127.0.0.1:{((IPEndPoint)silent.LocalEndpoint).Port}", _time);
        Task call = services.GetRequiredService<DatabricksClient>().GetAsync<JsonElement>(Path, CancellationToken.None);
        await _time.PassAsync(call, TimeSpan.FromSeconds(60));
        DatabricksException failure = Assert.ThrowsAsync<DatabricksException>(() => call)!;
        Assert.That(failure.Code, Is.EqualTo(DatabricksException.TimedOut));
    }

    [TestCase(400)]
    [TestCase(404)]
    [TestCase(500)]
    [TestCase(502)]
    public async Task Other_errors_are_told_at_once(int status)
    {
        await CallAsync();
        _workspace.Failing = new StandInWorkspace.Failure(status, "<html><pre>Nothing here</pre></html>", "text/html");
        DatabricksException failure = Assert.ThrowsAsync<DatabricksException>(() => CallAsync())!;
        Assert.That(((int)failure.Status!, failure.Message), Is.EqualTo((status, "Nothing here")));
        Assert.That(_workspace.Calls.Count(path => path == $"GET /{Path}"), Is.EqualTo(2));
    }

    [Test]
    public void An_answer_that_is_a_page_for_people_is_no_answer()
    {
        _workspace.Failing = new StandInWorkspace.Failure(200, "<html><title>Sign in</title></html>", "text/html");
        DatabricksException failure = Assert.ThrowsAsync<DatabricksException>(() => CallAsync())!;
        Assert.That((failure.Code, failure.Reason), Is.EqualTo((DatabricksException.Unreadable, failure.Reason)));
        Assert.That(failure.Reason, Does.Contain("Lakebase:WorkspaceHost"));
    }

    [Test]
    public async Task A_secret_that_an_error_page_repeats_is_masked()
    {
        await CallAsync();
        string token = _workspace.Secrets.Single();
        _workspace.Failing = new StandInWorkspace.Failure(400, $"<pre>Authorization: Bearer {token}</pre>", "text/html");
        DatabricksException failure = Assert.ThrowsAsync<DatabricksException>(() => CallAsync())!;
        Assert.That(failure.ToString(), Does.Contain("Bearer (secret)").And.Not.Contain(token));
    }

    private Task<DatabricksAnswer<JsonElement>> CallAsync() => Client.GetAsync<JsonElement>(Path, CancellationToken.None);
}
