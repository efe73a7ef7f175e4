using System.Text;
using System.Text.Json;
using Orders.Application.Overlay;
using Orders.Tests.Support;

namespace Orders.Tests.Orders;

/// <summary><c>If-Match</c>: a change is made only on the version that its client has read.</summary>
[TestFixture(StatusChangeMode.InPlace)]
[TestFixture(StatusChangeMode.Overlay)]
internal sealed class ConditionalChangeTests(StatusChangeMode mode)
{
    private const string Fulfil = """{"o_orderstatus":"F"}""";

    private TestDatabase _database = null!;
    private RunningApi _api = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _database = await TestDatabase.CreateAsync(mode, Enumerable.Range(1, 200).Select(key => (long)key));
        _api = await RunningApi.StartAsync(_database.ConnectionString, _database.Settings);
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        await _api.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Test]
    public async Task A_change_of_the_version_that_was_read_is_made_and_answers_the_new_one()
    {
        RunningApi.Answer changed = await ChangeAsync(1, "F", await TagAsync(1));
        Assert.That((changed.Status, changed.Headers["ETag"]), Is.EqualTo((200, await TagAsync(1))), changed.Body);
        Assert.That(await StatusAsync(1), Is.EqualTo("F"));
    }

    [Test]
    public async Task A_change_of_another_version_is_refused_and_answers_the_one_that_is()
    {
        string read = await TagAsync(2);
        await ChangeAsync(2, "P", "*");
        RunningApi.Answer refused = await ChangeAsync(2, "F", read);
        Assert.That((refused.Status, refused.Code, refused.Headers["ETag"]), Is.EqualTo((412, "precondition_failed", await TagAsync(2))));
        Assert.That((refused.ContentType, await StatusAsync(2)), Is.EqualTo(("application/problem+json", "P")));
    }

    [Test]
    public async Task A_change_of_any_other_field_is_another_version()
    {
        string read = await TagAsync(3);
        await _database.ExecuteAsync($"update {_database.Table} set o_comment = 'changed' where o_orderkey = 3");
        Assert.That((await ChangeAsync(3, "F", read)).Status, Is.EqualTo(412));
    }

    [Test]
    public async Task A_star_is_any_version_of_an_order_that_exists()
    {
        Assert.That((await ChangeAsync(4, "F", "*")).Status, Is.EqualTo(200));
        RunningApi.Answer missing = await ChangeAsync(4242, "F", "*");
        Assert.That((missing.Status, missing.Code), Is.EqualTo((404, "order_not_found")));
    }

    [Test]
    public async Task An_order_that_does_not_exist_is_404_before_it_is_412()
    {
        RunningApi.Answer missing = await ChangeAsync(4242, "F", await TagAsync(5));
        Assert.That((missing.Status, missing.Code), Is.EqualTo((404, "order_not_found")));
        Assert.That(missing.Headers, Does.Not.ContainKey("ETag"));
    }

    [Test]
    public async Task One_of_several_tags_is_enough()
    {
        string tag = await TagAsync(6);
        Assert.That((await ChangeAsync(6, "O", $"\"other\" ,\t W/\"weak\",, \"AAAAAAAAAAAAAAAA\", {tag}")).Status, Is.EqualTo(200));
        Assert.That((await ChangeAsync(6, "O", "\"other\"", tag)).Status, Is.EqualTo(200), "in two lines");
    }

    [TestCase("W/{0}")]
    [TestCase("w/{0}")]
    [TestCase("W/{0}, W/\"a\"")]
    [TestCase("\"\"")]
    [TestCase("\"*\"")]
    [TestCase("\"not one of ours\"")]
    public async Task Weak_tags_and_those_of_others_never_match(string header)
    {
        RunningApi.Answer refused = await ChangeAsync(7, "F", string.Format(null, header, await TagAsync(7)));
        Assert.That((refused.Status, refused.Code, refused.Headers["ETag"]), Is.EqualTo((412, "precondition_failed", await TagAsync(7))));
    }

    [TestCase("abc")]
    [TestCase("\"abc")]
    [TestCase("abc\"")]
    [TestCase("'abc'")]
    [TestCase("\"a\" \"b\"")]
    [TestCase("\"a\", b")]
    [TestCase("*, \"a\"")]
    [TestCase("**")]
    [TestCase("")]
    [TestCase(",")]
    public async Task A_malformed_list_is_told_and_changes_nothing(string header)
    {
        string before = await TagAsync(8);
        RunningApi.Answer refused = await ChangeAsync(8, "F", header);
        Assert.That((refused.Status, refused.Code), Is.EqualTo((422, "validation_failed")), refused.Body);
        Assert.That(refused.Json.GetProperty("errors").TryGetProperty("If-Match", out _), Is.True, refused.Body);
        Assert.That(await TagAsync(8), Is.EqualTo(before));
    }

    [Test]
    public async Task The_body_and_the_key_are_looked_at_before_the_version()
    {
        Assert.That((await SendAsync(9, """{"o_orderstatus":"X"}""", "\"a\"")).Code, Is.EqualTo("validation_failed"));
        Assert.That((await SendAsync(0, Fulfil, "\"a\"")).Code, Is.EqualTo("invalid_order_key"));
    }

    [Test]
    public async Task A_change_without_a_condition_has_no_version_to_answer()
    {
        RunningApi.Answer changed = await _api.PostStatusAsync(10, Fulfil);
        Assert.That(changed.Status, Is.EqualTo(200));
        Assert.That(changed.Headers, Does.Not.ContainKey("ETag"));
    }

    [Test]
    public async Task Of_many_changes_of_one_version_at_once_one_is_made()
    {
        await ChangeAsync(11, "O", "*");
        string read = await TagAsync(11);
        RunningApi.Answer[] answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(number => ChangeAsync(11, "FP"[number % 2].ToString(), read)));
        Assert.That(answers.Select(answer => answer.Status).Order(), Is.EqualTo(Enumerable.Repeat(412, 39).Prepend(200)));
        Assert.That(answers.Select(answer => answer.Headers["ETag"]), Is.All.EqualTo(await TagAsync(11)));
    }

    [Test]
    public async Task A_thousand_changes_at_once_are_each_decided_on_their_own_order()
    {
        long[] keys = [.. Enumerable.Range(101, 50)];
        foreach (string status in Enumerable.Repeat(new[] { "O", "F", "P", "O", "F" }, 2).SelectMany(statuses => statuses))
        {
            string[] tags = await Task.WhenAll(keys.Select(TagAsync));
            RunningApi.Answer[] answers = await Task.WhenAll(
                keys.SelectMany((key, index) => new[] { ChangeAsync(key, status, tags[index]), ChangeAsync(key, status, "\"other\"") }));
            Assert.That(answers.Where((_, index) => index % 2 == 0).Select(answer => answer.Status), Is.All.EqualTo(200));
            Assert.That(answers.Where((_, index) => index % 2 == 1).Select(answer => answer.Status), Is.All.EqualTo(412));
            Assert.That(await Task.WhenAll(keys.Select(StatusAsync)), Is.All.EqualTo(status));
        }
    }

    /// <summary>
    /// Each change leads from the status that its client has read to the next one, so that every lost change would leave the order behind.
    /// </summary>
    [Test]
    public async Task Two_clients_that_read_and_change_one_order_a_thousand_times_lose_no_change()
    {
        const int changes = 1000;
        await ChangeAsync(12, "O", "*");
        await Task.WhenAll(ClientAsync(), ClientAsync());
        Assert.That(await StatusAsync(12), Is.EqualTo(AfterSteps(2 * changes)));
        if (mode == StatusChangeMode.Overlay)
        {
            const string chain =
                """
                select count(*)
                from (select old_status, new_status, lag(new_status) over (order by id) as before
                      from order_status_changes where o_orderkey = 12) as made
                where before is null or (old_status = before and new_status = translate(old_status, 'OFP', 'FPO'))
                """;
            Assert.That(await _database.ScalarAsync<long>(chain), Is.EqualTo((2 * changes) + 1));
        }

        async Task ClientAsync()
        {
            for (int made = 0; made < changes;)
            {
                RunningApi.Answer read = await _api.GetAsync("/api/v1/orders/12");
                RunningApi.Answer answer = await ChangeAsync(12, Next(StatusOf(read)), read.Headers["ETag"]);
                Assert.That(answer.Status, Is.EqualTo(200).Or.EqualTo(412), answer.Body);
                made += answer.Status == 200 ? 1 : 0;
            }
        }
    }

    private static string Next(string status) => status switch
    {
        "O" => "F",
        "F" => "P",
        _ => "O",
    };

    private static string AfterSteps(int steps) => "OFP"[steps % 3].ToString();

    private static string StatusOf(RunningApi.Answer order) => order.Json.GetProperty("o_orderstatus").GetString()!;

    private async Task<string> StatusAsync(long key) => StatusOf(await _api.GetAsync($"/api/v1/orders/{key}"));

    private async Task<string> TagAsync(long key) => (await _api.GetAsync($"/api/v1/orders/{key}")).Headers["ETag"];

    private Task<RunningApi.Answer> ChangeAsync(long key, string status, params string[] ifMatch) =>
        SendAsync(key, JsonSerializer.Serialize(new Dictionary<string, string> { ["o_orderstatus"] = status }), ifMatch);

    private async Task<RunningApi.Answer> SendAsync(long key, string body, params string[] ifMatch)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/v1/orders/{key}/status")
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
        };
        request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        return await _api.SendAsync(request);
    }
}
