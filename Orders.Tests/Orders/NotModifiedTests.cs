using Orders.Tests.Support;

namespace Orders.Tests.Orders;

/// <summary><c>ETag</c> and <c>If-None-Match</c>: who has an answer already is told that it still holds.</summary>
internal sealed class NotModifiedTests
{
    private static readonly string[] Paths = ["/api/v1/orders/1", "/api/v1/orders/stream?page_size=3", "/api/v1/orders/pages?page_size=3&include_count=false", "/api/v1/orders?order_keys=1,2"];

    private TestDatabase _database = null!;
    private RunningApi _api = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _database = await TestDatabase.CreateAsync(1, 2, 3, 4);
        _api = await RunningApi.StartAsync(_database.ConnectionString);
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        await _api.DisposeAsync();
        await _database.DisposeAsync();
    }

    [TestCaseSource(nameof(Paths))]
    public async Task An_answer_that_the_client_has_is_not_sent_again(string path)
    {
        RunningApi.Answer first = await _api.GetAsync(path);
        string tag = first.Headers["ETag"];
        Assert.That(tag, Does.Match("^\"[A-Za-z0-9_-]{16}\"$"));
        foreach (string header in new[] { tag, $"W/{tag}", $"\"other\", {tag}", $" \"other\" ,{tag},", "*" })
        {
            RunningApi.Answer answer = await _api.GetAsync(path, ("If-None-Match", header));
            Assert.That((answer.Status, answer.Body, answer.Headers["ETag"]), Is.EqualTo((304, "", tag)), header);
            Assert.That(answer.Headers["Cache-Control"], Is.EqualTo(first.Headers["Cache-Control"]));
        }
    }

    [TestCaseSource(nameof(Paths))]
    public async Task Other_tags_and_malformed_lists_are_answered_in_full(string path)
    {
        RunningApi.Answer first = await _api.GetAsync(path);
        string tag = first.Headers["ETag"];
        foreach (string header in new[] { "\"other\"", "W/\"other\"", tag.Trim('"'), $"{tag} \"a\"", $"x, {tag}", $"\"{tag}", "", "**" })
        {
            RunningApi.Answer answer = await _api.GetAsync(path, ("If-None-Match", header));
            Assert.That((answer.Status, answer.Body), Is.EqualTo((200, first.Body)), header);
        }
    }

    [TestCaseSource(nameof(Paths))]
    public async Task Head_has_the_same_tag_and_is_304_as_well(string path)
    {
        string tag = (await _api.GetAsync(path)).Headers["ETag"];
        using var head = new HttpRequestMessage(HttpMethod.Head, path);
        RunningApi.Answer full = await _api.SendAsync(head);
        using var again = new HttpRequestMessage(HttpMethod.Head, path);
        again.Headers.TryAddWithoutValidation("If-None-Match", tag);
        Assert.That((full.Status, full.Headers["ETag"], (await _api.SendAsync(again)).Status), Is.EqualTo((200, tag, 304)));
    }

    [Test]
    public async Task A_change_of_one_order_is_another_version_of_all_that_shows_it()
    {
        string[] before = await TagsAsync();
        await _database.ExecuteAsync("update orders_synced set o_clerk = 'Clerk#000000002' where o_orderkey = 1");
        string[] changed = await TagsAsync();
        Assert.That(changed.Where((tag, index) => tag == before[index]), Is.Empty);

        await _database.ExecuteAsync("update orders_synced set o_clerk = 'Clerk#000000001' where o_orderkey = 1");
        Assert.That(await TagsAsync(), Is.EqualTo(before));
    }

    [Test]
    public async Task Every_instance_has_the_same_tags()
    {
        await using RunningApi other = await RunningApi.StartAsync(_database.ConnectionString);
        foreach (string path in Paths)
        {
            Assert.That((await other.GetAsync(path)).Headers["ETag"], Is.EqualTo((await _api.GetAsync(path)).Headers["ETag"]));
        }
    }

    [Test]
    public async Task An_error_is_no_version()
    {
        RunningApi.Answer missing = await _api.GetAsync("/api/v1/orders/4242", ("If-None-Match", "*"));
        Assert.That(missing.Status, Is.EqualTo(404));
        Assert.That(missing.Headers, Does.Not.ContainKey("ETag"));
    }

    private async Task<string[]> TagsAsync() =>
        [.. (await Task.WhenAll(Paths.Select(path => _api.GetAsync(path)))).Select(answer => answer.Headers["ETag"])];
}
