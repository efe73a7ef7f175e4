using Orders.Tests.Support;

namespace Orders.Tests.OpenApi;

/// <summary>What the page at <c>/docs</c> is made of, over HTTP.</summary>
internal sealed class DocumentationFilesTests
{
    private RunningApi _api = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => _api = await RunningApi.StartAsync("Host=127.0.0.1;Port=1;Username=nobody;Database=nowhere");

    [OneTimeTearDown]
    public async Task StopAsync() => await _api.DisposeAsync();

    [TestCase("/docs", "docs/index.html")]
    [TestCase("/docs/", "index.html")]
    public async Task The_way_to_the_page_is_relative_so_that_it_holds_under_any_path(string path, string location)
    {
        RunningApi.Answer answer = await _api.GetAsync(path);
        Assert.That((answer.Status, answer.Headers["Location"]), Is.EqualTo((301, location)));
    }

    [TestCase("/docs/nope")]
    [TestCase("/docs/page.jsx")]
    [TestCase("/docs/nope/index.html")]
    public async Task A_file_that_is_not_there_is_a_problem(string path)
    {
        RunningApi.Answer answer = await _api.GetAsync(path);
        Assert.That((answer.Status, answer.ContentType, answer.Code), Is.EqualTo((404, "application/problem+json", "not_found")));
    }

    [TestCase("/docs/index.html", "text/html")]
    [TestCase("/docs/page.js", "text/javascript")]
    [TestCase("/docs/page.css", "text/css")]
    [TestCase("/docs/swagger-ui-bundle.js", "text/javascript")]
    public async Task Nothing_but_the_files_served_here_runs_on_the_page(string path, string type)
    {
        RunningApi.Answer answer = await _api.GetAsync(path);
        Assert.That((answer.Status, answer.ContentType!.Split(';')[0]), Is.EqualTo((200, type)));
        Assert.That(answer.Headers["X-Content-Type-Options"], Is.EqualTo("nosniff"));
        Assert.That(answer.Headers["Content-Security-Policy"], Does.Contain("script-src 'self';").And.Not.Contain("unsafe"));
    }

    [TestCase("/openapi.json")]
    [TestCase("/openapi/v3.1.json")]
    [TestCase("/docs/index.html")]
    [TestCase("/docs/page.js")]
    [TestCase("/docs/page.css")]
    [TestCase("/docs/swagger-ui-bundle.js")]
    public async Task What_a_browser_has_already_is_not_sent_again(string path)
    {
        RunningApi.Answer first = await _api.GetAsync(path);
        RunningApi.Answer second = await _api.GetAsync(path, ("If-None-Match", first.Headers["ETag"]));
        Assert.That((first.Status, second.Status, second.Body), Is.EqualTo((200, 304, "")));
        Assert.That(first.Headers["Cache-Control"], Is.AnyOf("no-cache", "max-age=0, private"));
    }

    [Test]
    public async Task Swagger_UI_is_sent_packed_to_a_browser_that_takes_it()
    {
        RunningApi.Answer answer = await _api.GetAsync("/docs/swagger-ui-bundle.js", ("Accept-Encoding", "gzip, br"));
        Assert.That((answer.Headers["Content-Encoding"], answer.Headers["Vary"]), Is.EqualTo(("gzip", "Accept-Encoding")));
    }
}
