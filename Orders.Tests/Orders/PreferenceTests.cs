using System.Text;
using Orders.Application.Overlay;
using Orders.Tests.Support;

namespace Orders.Tests.Orders;

/// <summary>The header <c>Prefer</c> (RFC 7240).</summary>
[TestFixture(StatusChangeMode.InPlace)]
[TestFixture(StatusChangeMode.Overlay)]
internal sealed class PreferenceTests(StatusChangeMode mode)
{
    private TestDatabase _database = null!;
    private RunningApi _api = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _database = await TestDatabase.CreateAsync(mode, 1, 2, 3);
        _api = await RunningApi.StartAsync(_database.ConnectionString, ["--Orders:CountMaxAge=0", .. _database.Settings]);
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        await _api.DisposeAsync();
        await _database.DisposeAsync();
    }

    [TestCase("count=exact", 3, "count=exact")]
    [TestCase("count=none", -1, "count=none")]
    [TestCase("Count = \"none\"", -1, "count=none")]
    [TestCase("count=\"n\\one\"", -1, "count=none")]
    [TestCase("wait=10;count=exact, count=none; x=\"a,b;c\"", -1, "count=none")]
    [TestCase("foo=\"count=none, \\\" count=none\" , count=none", -1, "count=none")]
    [TestCase("count=none, count=exact", -1, "count=none")]
    [TestCase("count=planned", 3, null)]
    [TestCase("count=NONE", 3, null)]
    [TestCase("count", 3, null)]
    [TestCase("count=\"none", 3, null)]
    [TestCase("=none,;,=", 3, null)]
    [TestCase("", 3, null)]
    public async Task A_page_counts_as_the_client_prefers(string prefer, int count, string? applied)
    {
        RunningApi.Answer page = await _api.GetAsync("/api/v1/orders/pages", ("Prefer", prefer));
        Assert.That(
            (page.Status, page.Pagination.GetProperty("total_count").GetInt64(), page.Headers.GetValueOrDefault("Preference-Applied")),
            Is.EqualTo((200, (long)count, applied)));
        Assert.That(page.Headers["Vary"], Does.Contain("Prefer"));
    }

    [Test]
    public async Task The_first_of_several_lines_counts()
    {
        RunningApi.Answer page = await _api.GetAsync("/api/v1/orders/pages", ("Prefer", "respond-async"), ("Prefer", "count=none"), ("Prefer", "count=exact"));
        Assert.That(page.Pagination.GetProperty("total_count").GetInt64(), Is.EqualTo(-1));
    }

    [TestCase("true", "count=none", 3)]
    [TestCase("0", "count=exact", -1)]
    public async Task What_the_query_says_comes_first(string includeCount, string prefer, int count)
    {
        RunningApi.Answer page = await _api.GetAsync($"/api/v1/orders/pages?include_count={includeCount}", ("Prefer", prefer));
        Assert.That(page.Pagination.GetProperty("total_count").GetInt64(), Is.EqualTo(count));
        Assert.That(page.Headers, Does.Not.ContainKey("Preference-Applied"));
    }

    [Test]
    public async Task A_page_varies_by_the_preference_also_where_there_is_none()
    {
        RunningApi.Answer page = await _api.GetAsync("/api/v1/orders/pages");
        Assert.That((page.Headers["Vary"], page.Headers.ContainsKey("Preference-Applied")), Is.EqualTo(("Prefer", false)));
    }

    [TestCase("return=minimal", 204)]
    [TestCase("handling=strict, return = \"minimal\"; a=b", 204)]
    [TestCase("return=representation", 200)]
    [TestCase("return=minimal2", 200)]
    [TestCase("return", 200)]
    public async Task A_change_is_answered_as_shortly_as_the_client_prefers(string prefer, int status)
    {
        RunningApi.Answer changed = await PostAsync("1/status", """{"o_orderstatus":"P"}""", ("Prefer", prefer));
        Assert.That(changed.Status, Is.EqualTo(status));
        Assert.That((changed.Body.Length == 0, changed.Headers.ContainsKey("Preference-Applied")), Is.EqualTo((status == 204, status == 204)));
        if (status == 204)
        {
            Assert.That(changed.Headers["ETag"], Is.EqualTo((await _api.GetAsync("/api/v1/orders/1")).Headers["ETag"]));
        }
    }

    [Test]
    public async Task Errors_have_their_body_all_the_same()
    {
        Assert.That((await PostAsync("9/status", """{"o_orderstatus":"P"}""", ("Prefer", "return=minimal"))).Code, Is.EqualTo("order_not_found"));
        RunningApi.Answer refused = await PostAsync("1/status", """{"o_orderstatus":"P"}""", ("Prefer", "return=minimal"), ("If-Match", "\"a\""));
        Assert.That((refused.Code, refused.Headers.ContainsKey("Preference-Applied")), Is.EqualTo(("precondition_failed", false)));
    }

    [Test]
    public async Task Several_changes_are_answered_shortly_when_all_are_made()
    {
        RunningApi.Answer all = await PostAsync("status", """{"changes":[{"o_orderkey":1,"o_orderstatus":"F"},{"o_orderkey":2,"o_orderstatus":"O"}]}""", ("Prefer", "return=minimal"));
        Assert.That((all.Status, all.Body, all.Headers["Preference-Applied"]), Is.EqualTo((204, "", "return=minimal")));
        RunningApi.Answer some = await PostAsync("status", """{"changes":[{"o_orderkey":1,"o_orderstatus":"F"},{"o_orderkey":9,"o_orderstatus":"O"}]}""", ("Prefer", "return=minimal"));
        Assert.That((some.Status, some.Json.GetProperty("results").GetArrayLength(), some.Headers.ContainsKey("Preference-Applied")), Is.EqualTo((200, 2, false)));
    }

    private async Task<RunningApi.Answer> PostAsync(string path, string body, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/v1/orders/{path}") { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        foreach ((string name, string value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await _api.SendAsync(request);
    }
}
