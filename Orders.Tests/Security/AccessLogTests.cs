using System.Net.Http.Json;
using System.Text.Json;
using Orders.Api.Security;
using Orders.Application.Overlay;
using Orders.Tests.Overlay;
using Orders.Tests.Security.Support;
using Orders.Tests.Support;

namespace Orders.Tests.Security;

/// <summary>What is written down of who did what.</summary>
internal sealed class AccessLogTests
{
    private const string Secret = "orders_a-key-that-nobody-has-made";

    [Test]
    public async Task A_change_is_logged_with_its_caller_and_the_overlay_records_the_same()
    {
        await using IdentityProvider provider = await IdentityProvider.StartAsync();
        await using TestDatabase database = await TestDatabase.CreateAsync(StatusChangeMode.Overlay, 1, 2, 3);
        string key = ApiKey.Generate();
        using ApiProcess process = ApiProcess.Start(
            "Production",
            [
                $"--ConnectionStrings:Orders={database.ConnectionString}", "--urls=http://127.0.0.1:0", .. database.Settings, .. provider.Settings,
                $"--Authentication:ApiKeys:suite:Sha256={Convert.ToHexString(ApiKey.Digest(key))}", "--Authentication:ApiKeys:suite:Scopes=orders.write",
            ]);
        using var client = new HttpClient { BaseAddress = await process.ListeningAsync() };
        string subject = "ann\u001b[31m\r\nb";
        await ChangeAsync(client, 1, ("X-API-Key", key));
        await ChangeAsync(client, 2, ("Authorization", $"Bearer {provider.Sign(token => token.Claims = new Dictionary<string, object> { ["sub"] = subject, ["scope"] = "orders.write" })}"));
        await ChangeAsync(client, 3);
        process.Terminate();
        Assert.That(await process.EndAsync(), Is.Zero);

        JsonElement[] changes = [.. Lines(process).Where(line => line.TryGetProperty("OrderStatus", out _))];
        Assert.That(
            changes.Select(line => (line.GetProperty("OrderKey").GetInt64(), line.GetProperty("OrderStatus").GetString(), line.GetProperty("Caller").GetString())),
            Is.EqualTo(new[] { (1L, "F", "suite"), (2L, "F", "ann\uFFFD[31m\uFFFD\uFFFDb"), (3L, "F", "anonymous") }));
        Assert.That(changes.Select(line => line.GetProperty("ClientAddress").GetString()), Is.All.EqualTo("127.0.0.1"));
        Assert.That(changes.Select(line => line.GetProperty("@tr").GetString()), Is.All.Matches("^[0-9a-f]{32}$"));
        RecordedChange[] recorded = [.. (await RecordedChange.ReadAsync(database)).OrderBy(change => change.OrderKey)];
        Assert.That(recorded.Select(change => change.ChangedBy), Is.EqualTo(new[] { "suite", "ann\uFFFD[31m\uFFFD\uFFFDb", null }));
    }

    [Test]
    public async Task Each_change_of_a_call_is_logged_and_recorded_like_a_single_one()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(StatusChangeMode.Overlay, 1, 2, 3);
        string key = ApiKey.Generate();
        using ApiProcess process = ApiProcess.Start(
            "Production",
            [
                $"--ConnectionStrings:Orders={database.ConnectionString}", "--urls=http://127.0.0.1:0", .. database.Settings,
                $"--Authentication:ApiKeys:suite:Sha256={Convert.ToHexString(ApiKey.Digest(key))}", "--Authentication:ApiKeys:suite:Scopes=orders.write",
            ]);
        using var client = new HttpClient { BaseAddress = await process.ListeningAsync() };
        client.DefaultRequestHeaders.Add("X-API-Key", key);
        long[] keys = [3, 8, 1];
        using HttpResponseMessage answer = await client.PostAsJsonAsync(
            "/api/v1/orders/status", new { changes = keys.Select(number => new { o_orderkey = number, o_orderstatus = "F" }) });
        process.Terminate();
        Assert.That(await process.EndAsync(), Is.Zero);

        JsonElement[] changes = [.. Lines(process).Where(line => line.TryGetProperty("OrderStatus", out _))];
        Assert.That(
            changes.Select(line => (line.GetProperty("OrderKey").GetInt64(), line.GetProperty("OrderStatus").GetString(), line.GetProperty("Caller").GetString())),
            Is.EqualTo(new[] { (3L, "F", "suite"), (1L, "F", "suite") }));
        RecordedChange[] recorded = await RecordedChange.ReadAsync(database);
        Assert.That(
            recorded.Select(change => (change.OrderKey, change.ChangedBy, change.TraceId)).Order(),
            Is.EqualTo(new[] { (1L, "suite", TraceOf(changes[1])), (3L, "suite", TraceOf(changes[0])) }));

        static string? TraceOf(JsonElement line) => line.GetProperty("@tr").GetString();
    }

    [Test]
    public async Task A_refusal_is_logged_with_what_was_tried_and_without_the_credentials()
    {
        await using IdentityProvider provider = await IdentityProvider.StartAsync();
        await using TestDatabase database = await TestDatabase.CreateAsync(1);
        using ApiProcess process = ApiProcess.Start(
            "Production",
            [
                $"--ConnectionStrings:Orders={database.ConnectionString}", "--urls=http://127.0.0.1:0", .. provider.Settings,
                "--Orders:AnonymousAccess=None",
            ]);
        using var client = new HttpClient { BaseAddress = await process.ListeningAsync() };
        string foreign = provider.Sign(token => token.Audience = "billing");
        string reader = await provider.GetTokenAsync("orders.read", client: "reader");
        await ChangeAsync(client, 1);
        await ChangeAsync(client, 1, ("X-API-Key", Secret));
        await ChangeAsync(client, 1, ("Authorization", $"Bearer {foreign}"));
        await ChangeAsync(client, 1, ("Authorization", $"Bearer {reader}"));
        process.Terminate();
        Assert.That(await process.EndAsync(), Is.Zero);

        JsonElement[] refusals = [.. Lines(process).Where(line => line.TryGetProperty("Reason", out _))];
        Assert.That(
            refusals.Select(line => (line.GetProperty("Status").GetInt32(), line.GetProperty("Reason").GetString(), line.GetProperty("Caller").GetString())),
            Is.EqualTo(new[]
            {
                (401, "no credentials were sent", "anonymous"), (401, "the API key is unknown", "anonymous"),
                (401, "the token is meant for another audience", "anonymous"), (403, "it takes the scope orders.write", "reader"),
            }));
        Assert.That(refusals.Select(line => line.GetProperty("Route").GetString()), Is.All.EqualTo("api/v1/orders/{order_key}/status"));
        Assert.That(process.Output, Does.Not.Contain("was not authenticated"), "One line for each.");
        Assert.That(process.Output, Does.Not.Contain(Secret).And.Not.Contain(foreign.Split('.')[2]).And.Not.Contain(reader.Split('.')[1]));
    }

    [Test]
    public async Task A_caller_beyond_its_limit_is_logged_too()
    {
        using ApiProcess process = ApiProcess.Start(
            "Production", "--ConnectionStrings:Orders=Host=127.0.0.1;Port=1;Username=nobody;Database=nowhere", "--urls=http://127.0.0.1:0",
            "--Orders:RateLimits:Write=1/h");
        using var client = new HttpClient { BaseAddress = await process.ListeningAsync() };
        await ChangeAsync(client, 1);
        await ChangeAsync(client, 1);
        process.Terminate();
        Assert.That(await process.EndAsync(), Is.Zero);
        JsonElement refusal = Lines(process).Single(line => line.TryGetProperty("Reason", out _));
        Assert.That(
            (refusal.GetProperty("Status").GetInt32(), refusal.GetProperty("Reason").GetString(), refusal.GetProperty("Caller").GetString(), refusal.GetProperty("ClientAddress").GetString()),
            Is.EqualTo((429, "more than write requests, 1/h", "anonymous", "127.0.0.1")));
    }

    private static async Task ChangeAsync(HttpClient client, long key, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/v1/orders/{key}/status") { Content = JsonContent.Create(new { o_orderstatus = "F" }) };
        foreach ((string name, string value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using HttpResponseMessage answer = await client.SendAsync(request);
    }

    private static IEnumerable<JsonElement> Lines(ApiProcess process) => process.Output
        .Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement);
}
