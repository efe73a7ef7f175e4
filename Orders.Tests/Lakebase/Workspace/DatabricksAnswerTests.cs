using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Orders.Infrastructure.Lakebase.Workspace;
using Orders.Tests.Lakebase.Support;

namespace Orders.Tests.Lakebase.Workspace;

/// <summary>What a workspace, or whatever stands in front of it, may answer.</summary>
internal sealed class DatabricksAnswerTests
{
    private const string Path = $"api/2.0/database/instances/{StandInWorkspace.Instance}";

    /// <summary>Of true time: a call that is repeated would wait for the test's clock for ever.</summary>
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);

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

    [TestCase("text/html; charset=windows-1252")]
    [TestCase("text/html; charset=utf8")]
    [TestCase("text/html; charset=no-such-charset")]
    [TestCase("text/html; charset=\"")]
    [TestCase("none")]
    public void An_error_page_is_read_whatever_charset_it_says(string contentType)
    {
        _workspace.Failing = new StandInWorkspace.Failure(502, "\uFEFF<html><title>Bad gateway</title></html>", contentType);
        DatabricksException failure = Assert.ThrowsAsync<DatabricksException>(CallAsync)!;
        Assert.That(((int?)failure.Status, failure.Message), Is.EqualTo(((int?)502, "Bad gateway")));
    }

    [TestCase(400, """{"error_code":"BAD_REQUEST","message":"half a pair: \ud800"}""")]
    [TestCase(200, """{"name":"half a pair: \ud800"}""")]
    [TestCase(200, "\0\0")]
    [TestCase(200, "null")]
    public void What_can_not_be_read_is_an_error_of_the_same_kind_as_all_others(int status, string body)
    {
        _workspace.Failing = new StandInWorkspace.Failure(status, body);
        Assert.That(
            () => _services.GetRequiredService<DatabricksClient>().GetAsync<Dictionary<string, string>>(Path, CancellationToken.None),
            Throws.TypeOf<DatabricksException>());
    }

    [TestCase("application/json", """{"error_code":"{pair}","message":"Basic {escaped} of {secret}"}""")]
    [TestCase("text/html", "<pre>Basic {entities}, {secret}</pre>")]
    [TestCase("text/plain", "REFUSED: {pair} {secret}")]
    public void A_secret_is_masked_however_an_error_writes_it(string contentType, string body)
    {
        const string secret = "dose>>>of?the?principal";
        string pair = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{StandInWorkspace.ClientId}:{secret}"));
        Assert.That(pair, Does.Contain("+"));
        using ServiceProvider services = WorkspaceServices.Create(_workspace.Url, _time, secret);
        string page = body.Replace("{pair}", pair, StringComparison.Ordinal)
            .Replace("{secret}", secret, StringComparison.Ordinal)
            .Replace("{escaped}", pair.Replace("+", @"\u002B", StringComparison.Ordinal), StringComparison.Ordinal)
            .Replace("{entities}", pair.Replace("+", "&#43;", StringComparison.Ordinal), StringComparison.Ordinal);
        _workspace.Failing = new StandInWorkspace.Failure(400, page, contentType);
        DatabricksException failure = Assert.ThrowsAsync<DatabricksException>(() => services.GetRequiredService<WorkspaceTokens>().GetAsync(CancellationToken.None))!;
        Assert.That($"{failure} {failure.Code}", Does.Contain("(secret)").And.Not.Contain(pair).And.Not.Contain(pair[..30]).And.Not.Contain(secret));
    }

    [Test]
    public async Task An_answer_that_breaks_off_is_asked_for_again()
    {
        _workspace.Failing = new StandInWorkspace.Failure(200, "{") { BreaksOff = Cut };
        Task call = CallAsync();
        TimeSpan pause = await PauseAsync();
        _workspace.Failing = null;
        _time.Advance(pause);
        Assert.That(() => call, Throws.Nothing);
    }

    [Test]
    public async Task An_answer_that_stops_in_the_middle_is_asked_for_again_after_a_minute()
    {
        var stopped = new TaskCompletionSource();
        _workspace.Failing = new StandInWorkspace.Failure(200, "{") { BreaksOff = context => StopAsync(context, stopped) };
        Task call = CallAsync();
        await _time.WaitForTimerAsync(TimeSpan.FromSeconds(60));
        await stopped.Task;
        _workspace.Failing = null;
        _time.Advance(TimeSpan.FromSeconds(60));
        _time.Advance(await PauseAsync());
        Assert.That(() => call, Throws.Nothing);
    }

    [Test]
    public void An_answer_without_an_end_is_given_up()
    {
        _workspace.Failing = new StandInWorkspace.Failure(200, new string(' ', 1024 * 1024)) { BreaksOff = context => context.Response.WriteAsync(" ") };
        Assert.That(CallAsync, Throws.TypeOf<DatabricksException>().With.Property("Code").EqualTo(DatabricksException.Unreadable));
    }

    [TestCase("a\nb")]
    [TestCase("a b")]
    public void A_sign_in_whose_token_no_header_can_carry_is_an_error_of_the_same_kind(string token)
    {
        _workspace.Failing = new StandInWorkspace.Failure(200, JsonSerializer.Serialize(new { access_token = token, expires_in = 3600 }));
        Assert.That(CallAsync, Throws.TypeOf<DatabricksException>().With.Property("Code").EqualTo(DatabricksException.Unreadable));
    }

    private static Task Cut(HttpContext context)
    {
        context.Abort();
        return Task.CompletedTask;
    }

    private static async Task StopAsync(HttpContext context, TaskCompletionSource stopped)
    {
        stopped.SetResult();
        await Task.Delay(Timeout.Infinite, context.RequestAborted);
    }

    private Task<TimeSpan> PauseAsync() => _time.WaitForTimerAsync(TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(1.5));

    private Task CallAsync() => _services.GetRequiredService<DatabricksClient>().GetAsync<JsonElement>(Path, CancellationToken.None).WaitAsync(Deadline);
}
