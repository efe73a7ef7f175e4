using System.Text;
using System.Text.Json;
using Orders.Tests.Support;

namespace Orders.Tests.Servers;

/// <summary>The base of tests that whatever is behind the service, each of its operations does what it says.</summary>
internal abstract class EveryOperationTests
{
    private static readonly string[] Statuses = ["O", "F", "P"];

    /// <summary>The service, whose count is never an old one.</summary>
    protected RunningApi Api { get; set; } = null!;

    /// <summary>The keys in the database, in order: more than a thousand, from 1 to 7 at first.</summary>
    protected long[] Keys { get; set; } = [];

    /// <summary>A settings' argument for the service.</summary>
    protected const string ExactCount = "--Orders:CountMaxAge=0";

    [Test]
    public async Task The_service_is_ready()
    {
        RunningApi.Answer ready = await Api.GetAsync("/health/ready");
        Assert.That(ready.Status, Is.EqualTo(200), ready.Body);
    }

    [Test]
    public async Task An_order_is_found()
    {
        RunningApi.Answer answer = await Api.GetAsync("/api/v1/orders/7");
        Assert.That(answer.Status, Is.EqualTo(200), answer.Body);
        Assert.That(answer.Json.GetProperty("o_orderkey").GetInt64(), Is.EqualTo(7));
    }

    [Test]
    public async Task A_missing_order_is_not_found()
    {
        // An integer as well as a bigint.
        Assert.That((await Api.GetAsync("/api/v1/orders/2147483646")).Code, Is.EqualTo("order_not_found"));
        Assert.That((await Api.PostStatusAsync(2147483646, """{"o_orderstatus":"F"}""")).Code, Is.EqualTo("order_not_found"));
    }

    [Test]
    public async Task An_order_beyond_every_key_is_not_found()
    {
        Assert.That((await Api.GetAsync($"/api/v1/orders/{long.MaxValue}")).Code, Is.EqualTo("order_not_found"));
        Assert.That((await Api.PostStatusAsync(long.MaxValue, """{"o_orderstatus":"F"}""")).Code, Is.EqualTo("order_not_found"));
    }

    [Test]
    public async Task A_walk_leads_forward_through_all_orders_and_back()
    {
        var forward = new List<long[]>();
        RunningApi.Answer slice = await SliceAsync(0);
        forward.Add(slice.Keys);
        while (slice.Cursor("next_cursor") is { } next)
        {
            slice = await SliceAsync(next);
            forward.Add(slice.Keys);
        }

        var back = new List<long[]> { slice.Keys };
        while (slice.Cursor("previous_cursor") is { } previous)
        {
            slice = await SliceAsync(previous);
            back.Add(slice.Keys);
        }

        back.Reverse();
        Assert.That(forward.SelectMany(keys => keys), Is.EqualTo(Keys));
        Assert.That(back, Is.EqualTo(forward));
    }

    [Test]
    public async Task A_slice_after_every_key_is_empty() => Assert.That((await SliceAsync(long.MaxValue)).Keys, Is.Empty);

    [Test]
    public async Task Pages_near_and_deep_hold_their_orders()
    {
        int last = (Keys.Length + 99) / 100;
        foreach (int page in new[] { 1, 2, 10, 11, 12, last, last + 1 })
        {
            RunningApi.Answer answer = await Api.GetAsync($"/api/v1/orders/pages?page={page}&page_size=100");
            Assert.That(answer.Status, Is.EqualTo(200), answer.Body);
            Assert.That(answer.Keys, Is.EqualTo(Keys.Skip((page - 1) * 100).Take(100)), $"page {page}");
            Assert.That(answer.Pagination.GetProperty("total_count").GetInt64(), Is.EqualTo(Keys.Length));
        }
    }

    [Test]
    public async Task The_count_is_exact() => Assert.That((await Api.GetAsync("/api/v1/orders/count")).Body, Is.EqualTo($$"""{"total_orders":{{Keys.Length}}}"""));

    [Test]
    public async Task A_sample_is_five_of_the_keys()
    {
        RunningApi.Answer answer = await Api.GetAsync("/api/v1/orders/sample");
        Assert.That(answer.Status, Is.EqualTo(200), answer.Body);
        long[] sample = [.. answer.Json.GetProperty("sample_order_keys").EnumerateArray().Select(key => key.GetInt64())];
        Assert.That(sample, Has.Length.EqualTo(5).And.Unique.And.SubsetOf(Keys));
    }

    [Test]
    public async Task A_change_of_status_shows()
    {
        foreach (string status in Statuses)
        {
            Assert.That((await ChangeAsync(Keys[20], status)).Status, Is.EqualTo(200));
            Assert.That(await StatusAsync(Keys[20]), Is.EqualTo(status));
        }
    }

    [Test]
    public async Task Twenty_changes_at_once_are_all_made()
    {
        long[] keys = [.. Keys.Skip(100).Take(20)];
        foreach (string status in Statuses)
        {
            RunningApi.Answer[] changes = await Task.WhenAll(keys.Select(key => ChangeAsync(key, status)));
            Assert.That(changes.Where(change => change.Status != 200).Select(change => change.Body), Is.Empty);
            Assert.That(await Task.WhenAll(keys.Select(StatusAsync)), Is.All.EqualTo(status));
        }
    }

    [Test]
    public async Task A_change_is_made_only_on_the_version_that_was_read()
    {
        foreach (string status in Statuses)
        {
            string read = (await Api.GetAsync($"/api/v1/orders/{Keys[30]}")).Headers["ETag"];
            RunningApi.Answer changed = await ConditionalAsync(Keys[30], status, read);
            Assert.That(changed.Status, Is.EqualTo(200), changed.Body);
            Assert.That(await StatusAsync(Keys[30]), Is.EqualTo(status));
            string now = changed.Headers["ETag"];
            Assert.That((await ConditionalAsync(Keys[30], "O", read)).Status, Is.EqualTo(now == read ? 200 : 412));
            await ConditionalAsync(Keys[30], status, "*");
        }
    }

    [Test]
    public async Task Twenty_changes_of_a_version_at_once_are_all_made()
    {
        long[] keys = [.. Keys.Skip(300).Take(20)];
        foreach (string status in Statuses)
        {
            string[] read = await Task.WhenAll(keys.Select(async key => (await Api.GetAsync($"/api/v1/orders/{key}")).Headers["ETag"]));
            RunningApi.Answer[] changes = await Task.WhenAll(keys.Select((key, index) => ConditionalAsync(key, status, read[index])));
            Assert.That(changes.Where(change => change.Status != 200).Select(change => change.Body), Is.Empty);
            Assert.That(await Task.WhenAll(keys.Select(StatusAsync)), Is.All.EqualTo(status));
        }
    }

    [Test]
    public async Task Many_orders_are_read_at_once()
    {
        RunningApi.Answer answer = await Api.GetAsync($"/api/v1/orders?order_keys={string.Join(',', Keys.Skip(10).Take(300).Append(2147483646))}");
        Assert.That(answer.Status, Is.EqualTo(200), answer.Body);
        Assert.That(answer.Keys, Is.EqualTo(Keys.Skip(10).Take(300)));
        Assert.That(answer.Json.GetProperty("missing_order_keys").GetRawText(), Is.EqualTo("[2147483646]"));
    }

    [Test]
    public async Task Many_orders_are_changed_at_once([Values] bool atomic)
    {
        long[] keys = [.. Keys.Skip(400).Take(50)];
        foreach (string status in Statuses)
        {
            RunningApi.Answer changes = await ChangeManyAsync(keys, status, atomic);
            Assert.That(changes.Status, Is.EqualTo(200), changes.Body);
            Assert.That(changes.Json.GetProperty("results").EnumerateArray().Select(result => result.GetProperty("code").GetString()), Is.All.EqualTo("changed"));
            Assert.That(await Task.WhenAll(keys.Select(StatusAsync)), Is.All.EqualTo(status));
        }

        RunningApi.Answer missing = await ChangeManyAsync([Keys[401], 2147483646], "O", atomic);
        Assert.That(missing.Status, Is.EqualTo(atomic ? 404 : 200), missing.Body);
        Assert.That(await StatusAsync(Keys[401]), Is.EqualTo(atomic ? Statuses[^1] : "O"));
    }

    [Test]
    public async Task Operations_that_come_again_and_at_once_are_answered_each_with_its_own()
    {
        long[] keys = [.. Keys.Skip(200).Take(40)];
        for (int round = 0; round < 5; round++)
        {
            string status = Statuses[round % 3];
            string?[] wrong = await Task.WhenAll(keys.SelectMany((key, number) => new[]
            {
                WrongKeysAsync(SliceAsync(key), Keys.Skip(201 + number).Take(97)),
                WrongKeysAsync(Api.GetAsync($"/api/v1/orders/pages?page={number + 1}&page_size=20"), Keys.Skip(number * 20).Take(20)),
                WrongAsync(Api.GetAsync($"/api/v1/orders/{key}"), answer => answer.Json.GetProperty("o_orderkey").GetInt64(), key),
                WrongAsync(Api.GetAsync("/api/v1/orders/count"), answer => answer.Json.GetProperty("total_orders").GetInt64(), Keys.Length),
                WrongAsync(Api.GetAsync("/api/v1/orders/sample"), answer => answer.Json.GetProperty("sample_order_keys").GetArrayLength(), 5),
                WrongAsync(ChangeAsync(key, status), answer => answer.Status, 200),
            }));
            Assert.That(wrong.OfType<string>(), Is.Empty);
            Assert.That(await Task.WhenAll(keys.Select(StatusAsync)), Is.All.EqualTo(status));
        }
    }

    /// <summary>The answer when it is not the expected one; else null.</summary>
    private static async Task<string?> WrongAsync<T>(Task<RunningApi.Answer> answering, Func<RunningApi.Answer, T> read, T expected)
    {
        RunningApi.Answer answer = await answering;
        return answer.Status == 200 && Equals(read(answer), expected) ? null : $"instead of {expected}: {answer.Body}";
    }

    private static Task<string?> WrongKeysAsync(Task<RunningApi.Answer> answering, IEnumerable<long> keys) =>
        WrongAsync(answering, answer => string.Join(',', answer.Keys), string.Join(',', keys));

    private Task<RunningApi.Answer> SliceAsync(long cursor) => Api.GetAsync($"/api/v1/orders/stream?cursor={cursor}&page_size=97");

    private Task<RunningApi.Answer> ChangeAsync(long key, string status) => Api.PostStatusAsync(key, $$"""{"o_orderstatus":"{{status}}"}""");

    private Task<RunningApi.Answer> ConditionalAsync(long key, string status, string ifMatch) =>
        PostAsync($"{key}/status", $$"""{"o_orderstatus":"{{status}}"}""", ("If-Match", ifMatch));

    private Task<RunningApi.Answer> ChangeManyAsync(long[] keys, string status, bool atomic) => PostAsync(
        "status",
        JsonSerializer.Serialize(new { changes = keys.Select(key => new { o_orderkey = key, o_orderstatus = status }), atomic }));

    private async Task<RunningApi.Answer> PostAsync(string path, string body, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/v1/orders/{path}") { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        foreach ((string name, string value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await Api.SendAsync(request);
    }

    private async Task<string?> StatusAsync(long key)
    {
        JsonElement order = (await Api.GetAsync($"/api/v1/orders/{key}")).Json;
        return order.TryGetProperty("o_orderstatus", out JsonElement status) ? status.GetString() : order.GetRawText();
    }
}
