using Orders.Application;
using Orders.Tests.Support;

namespace Orders.Tests.Security;

/// <summary>Pages of other sites, which a browser lets call the service when it says so (CORS).</summary>
internal sealed class BrowserOriginsTests
{
    private const string NoDatabase = "Host=127.0.0.1;Port=1;Database=none;Username=none";
    private const string Shop = "https://shop.example";
    private const string Status = "/api/v1/orders/1/status";

    [TestCase("/health/live", 200)]
    [TestCase("/api/v1/orders/0", 400)]
    [TestCase("/api/v1/orders/x", 422)]
    [TestCase("/api/v1/orders/1", 503)]
    [TestCase("/nope", 404)]
    public async Task A_page_of_a_named_site_reads_answers_and_errors(string path, int status)
    {
        await using RunningApi api = await RunningApi.StartAsync(NoDatabase, $"--Orders:Cors:Origins={Shop}, http://localhost:3000");
        using HttpResponseMessage answer = await SendAsync(api, HttpMethod.Get, path, Shop);
        Assert.That(((int)answer.StatusCode, Header(answer, "Access-Control-Allow-Origin")), Is.EqualTo((status, Shop)));
        Assert.That(Header(answer, "Access-Control-Expose-Headers").Split(','), Is.SupersetOf(new[] { "ETag", "Link", "Age", "Retry-After", "Trace-Id", "Consistency-Token" }));
        Assert.That(answer.Headers.Vary, Does.Contain("Origin"));
    }

    [Test]
    public async Task A_page_is_told_that_its_credentials_are_missing_and_may_ask_without_them_what_it_may_send()
    {
        await using RunningApi api = await RunningApi.StartAsync(
            NoDatabase, $"--Orders:Cors:Origins={Shop}", "--Orders:AnonymousAccess=None",
            $"--Authentication:ApiKeys:suite:Sha256={new string('a', 64)}", "--Authentication:ApiKeys:suite:Scopes=orders.read");
        using HttpResponseMessage refused = await SendAsync(api, HttpMethod.Get, "/api/v1/orders/1", Shop);
        Assert.That(((int)refused.StatusCode, Header(refused, "Access-Control-Allow-Origin")), Is.EqualTo((401, Shop)));
        using HttpResponseMessage preflight = await PreflightAsync(api, Status, "POST", Shop);
        Assert.That(((int)preflight.StatusCode, Header(preflight, "Access-Control-Allow-Origin")), Is.EqualTo((204, Shop)));
        Assert.That(Header(preflight, "Access-Control-Allow-Methods"), Does.Contain("POST"));
        Assert.That(Header(preflight, "Access-Control-Allow-Headers"), Does.Contain("authorization"));
    }

    [TestCase("https://shop.example.evil.test")]
    [TestCase("http://shop.example")]
    [TestCase("https://shop.example:8443")]
    [TestCase("null")]
    public async Task A_page_of_another_site_is_told_nothing(string origin)
    {
        await using RunningApi api = await RunningApi.StartAsync(NoDatabase, $"--Orders:Cors:Origins={Shop}");
        using HttpResponseMessage answer = await SendAsync(api, HttpMethod.Get, "/health/live", origin);
        using HttpResponseMessage preflight = await PreflightAsync(api, Status, "POST", origin);
        Assert.That((Header(answer, "Access-Control-Allow-Origin"), Header(preflight, "Access-Control-Allow-Origin")), Is.EqualTo(("", "")));
    }

    [Test]
    public async Task Pages_from_anywhere_may_read_where_it_says_so_and_not_change()
    {
        await using RunningApi api = await RunningApi.StartAsync(NoDatabase, "--Orders:Cors:Origins=*");
        using HttpResponseMessage read = await SendAsync(api, HttpMethod.Get, "/health/live", "https://any.example");
        using HttpResponseMessage preflight = await PreflightAsync(api, Status, "POST", "https://any.example");
        Assert.That((Header(read, "Access-Control-Allow-Origin"), Header(preflight, "Access-Control-Allow-Methods")), Is.EqualTo(("*", "GET,HEAD")));
    }

    [Test]
    public async Task By_default_no_page_of_another_site_may_call()
    {
        await using RunningApi api = await RunningApi.StartAsync(NoDatabase);
        using HttpResponseMessage answer = await SendAsync(api, HttpMethod.Get, "/health/live", Shop);
        using HttpResponseMessage preflight = await PreflightAsync(api, Status, "POST", Shop);
        Assert.That((Header(answer, "Access-Control-Allow-Origin"), (int)preflight.StatusCode), Is.EqualTo(("", 405)));
    }

    [TestCase("shop.example")]
    [TestCase("https://shop.example/")]
    [TestCase("https://shop.example/path")]
    [TestCase("ftp://shop.example")]
    [TestCase("*, https://shop.example")]
    [TestCase("https://*.shop.example/*")]
    public void An_origin_that_can_be_none_is_refused_at_the_start(string origins) => Assert.That(
        async () => await RunningApi.StartAsync(NoDatabase, $"--Orders:Cors:Origins={origins}"),
        Throws.InstanceOf<StartupException>().With.Message.Contains("Orders:Cors:Origins").And.Message.Contains("https://shop.example"));

    [TestCase("127.0.0.1", "/shop")]
    [TestCase("10.0.0.0/8", "")]
    public async Task The_path_of_a_trusted_proxy_stands_before_all_that_leads_back(string trusted, string prefix)
    {
        await using RunningApi api = await RunningApi.StartAsync(NoDatabase, $"--Orders:TrustedProxies={trusted}");
        foreach (string document in new[] { "/openapi.json", "/openapi/v3.1.json", "/openapi.json" })
        {
            using HttpResponseMessage answer = await SendBehindAsync(api, document);
            Assert.That(Json(await answer.Content.ReadAsStringAsync()).GetProperty("servers")[0].GetProperty("url").GetString(), Is.EqualTo(prefix.Length > 0 ? prefix : "/"));
        }

        using HttpResponseMessage problem = await SendBehindAsync(api, "/nope");
        Assert.That(Json(await problem.Content.ReadAsStringAsync()).GetProperty("type").GetString(), Is.EqualTo($"{prefix}/problems/not_found"));
    }

    private static System.Text.Json.JsonElement Json(string body) => System.Text.Json.JsonDocument.Parse(body).RootElement;

    private static string Header(HttpResponseMessage answer, string name) =>
        answer.Headers.TryGetValues(name, out IEnumerable<string>? values) ? string.Join(',', values) : "";

    private static Task<HttpResponseMessage> PreflightAsync(RunningApi api, string path, string method, string origin) => SendAsync(
        api, HttpMethod.Options, path, origin, ("Access-Control-Request-Method", method), ("Access-Control-Request-Headers", "authorization,content-type"));

    private static async Task<HttpResponseMessage> SendAsync(
        RunningApi api, HttpMethod method, string path, string? origin = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path);
        if (origin is not null)
        {
            request.Headers.TryAddWithoutValidation("Origin", origin);
        }

        foreach ((string name, string value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await api.Client.SendAsync(request);
    }

    private static Task<HttpResponseMessage> SendBehindAsync(RunningApi api, string path) =>
        SendAsync(api, HttpMethod.Get, path, null, ("X-Forwarded-Prefix", "/shop"));
}
