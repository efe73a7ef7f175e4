using System.Text.Json;
using Orders.Api.Security;
using Orders.Tests.Security.Support;
using Orders.Tests.Support;

namespace Orders.Tests.Sdk;

/// <summary>Programs on clients that are generated from the committed document: one test, all generators. See <c>Orders.Tests/Node</c>.</summary>
[TestFixture("openapi-fetch")]
[TestFixture("hey-api")]
internal sealed class TypeScriptTests(string program)
{
    private const long LastExactKey = 9007199254740991; // 2^53 - 1
    private const string AsNumbers = "json";
    private const string ToTheLastDigit = "exact";

    private static readonly Lazy<Task> Build = new(BuildAsync);

    private static readonly long[] Keys = [1, 2, 32, 33, 64, 65, 96, LastExactKey];

    private TestDatabase _database = null!;
    private RunningApi _api = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        await Build.Value;
        _database = await TestDatabase.CreateAsync(Keys);
        _api = await RunningApi.StartAsync(_database.ConnectionString);
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        if (_api is not null)
        {
            await _api.DisposeAsync();
            await _database.DisposeAsync();
        }
    }

    [TestCase(3)]
    [TestCase(8)]
    public async Task Walking_forward_then_back_visits_every_order_once_each_way(int pageSize)
    {
        JsonElement walk = await DoAsync("walk", pageSize);
        Assert.That(Strings(walk, "forward"), Is.EqualTo(Keys.Select(Text)));
        Assert.That(Strings(walk, "back"), Is.EqualTo(Keys.Select(Text)));
    }

    [Test]
    public async Task A_changed_status_shows_in_the_next_read()
    {
        JsonElement outcome = await DoAsync("fulfil", 32);
        Assert.That(Text(outcome, "message"), Is.EqualTo("Order status updated successfully"));
        Assert.That(Text(outcome, "status"), Is.EqualTo("F"));
        Assert.That(await _database.ScalarAsync<string>("select o_orderstatus from orders_synced where o_orderkey = 32"), Is.EqualTo("F"));
    }

    [Test]
    public async Task Several_orders_are_read_and_changed_by_one_call_each()
    {
        JsonElement outcome = await DoAsync("fulfilAll", 64);
        Assert.That(Strings(outcome, "codes"), Is.EqualTo(new[] { "changed", "changed" }));
        Assert.That(Strings(outcome, "statuses"), Is.EqualTo(new[] { "F", "F" }));
        Assert.That(Strings(outcome, "missing"), Is.EqualTo(new[] { "66" }));
    }

    [Test]
    public async Task A_change_of_a_version_that_is_gone_is_a_typed_error_with_the_one_that_is()
    {
        JsonElement outcome = await DoAsync("guarded", 96);
        Assert.That(outcome.GetProperty("first").GetInt32(), Is.EqualTo(200));
        Assert.That((outcome.GetProperty("second").GetProperty("http").GetInt32(), Text(outcome.GetProperty("second"), "code")), Is.EqualTo((412, "precondition_failed")));
        Assert.That(Text(outcome, "tag"), Is.EqualTo((await _api.GetAsync("/api/v1/orders/96")).Headers["ETag"]));
    }

    [Test]
    public async Task An_order_that_did_not_change_is_not_read_again_and_a_page_leads_on()
    {
        JsonElement outcome = await DoAsync("unchanged", 2);
        Assert.That((outcome.GetProperty("http").GetInt32(), Text(outcome, "link")), Is.EqualTo((304, "<?page_size=1&page=2>; rel=\"next\"")));
    }

    [Test]
    public async Task A_missing_order_is_a_typed_error()
    {
        JsonElement refusal = await DoAsync("missing", 3);
        Assert.That(refusal.GetProperty("http").GetInt32(), Is.EqualTo(404));
        Assert.That(Text(refusal, "code"), Is.EqualTo("order_not_found"));
    }

    [TestCase("apiKey")]
    [TestCase("token")]
    public async Task Credentials_open_what_is_closed(string kind)
    {
        string key = ApiKey.Generate();
        await using IdentityProvider provider = await IdentityProvider.StartAsync();
        await using RunningApi api = await RunningApi.StartAsync(
            _database.ConnectionString,
            [
                .. provider.Settings, "--Orders:AnonymousAccess=None", "--Authentication:ApiKeys:suite:Scopes=orders.read orders.write",
                $"--Authentication:ApiKeys:suite:Sha256={Convert.ToHexString(ApiKey.Digest(key))}",
            ]);
        JsonElement refusal = await DoAsync("missing", 3, AsNumbers, api);
        Assert.That((refusal.GetProperty("http").GetInt32(), Text(refusal, "code")), Is.EqualTo((401, "unauthenticated")));
        JsonElement outcome = await DoAsync("fulfil", 33, AsNumbers, api, kind, kind == "apiKey" ? key : await provider.GetTokenAsync("orders.read orders.write"));
        Assert.That(Text(outcome, "status"), Is.EqualTo("F"));
    }

    [TestCase("oversized", 5000, "page_size", "has to be from 1 to 1000")]
    [TestCase("misspelt", 2, "o_orderstatus", "has to be O, F or P")]
    public async Task A_refused_value_is_a_typed_error_with_its_name_on_the_wire(string step, long number, string name, string message)
    {
        JsonElement refusal = await DoAsync(step, number);
        Assert.That(refusal.GetProperty("http").GetInt32(), Is.EqualTo(422));
        Assert.That(Text(refusal, "code"), Is.EqualTo("validation_failed"));
        Assert.That(Strings(refusal.GetProperty("errors"), name), Is.EqualTo(new[] { message }));
    }

    [TestCase(172799.49)]
    [TestCase(9999999999999.99)]
    public async Task A_key_up_to_2_to_the_53_and_a_price_with_cents_survive(decimal price)
    {
        await _database.ExecuteAsync("update orders_synced set o_totalprice = @price where o_orderkey = @key", new { price, key = LastExactKey });
        JsonElement order = await DoAsync("order", LastExactKey);
        Assert.That(order.GetProperty("o_orderkey").GetRawText(), Is.EqualTo(Text(LastExactKey)));
        Assert.That(order.GetProperty("o_totalprice").GetDecimal(), Is.EqualTo(price));
        Assert.That(Text(order, "o_orderdate"), Is.EqualTo((await _api.GetAsync($"/api/v1/orders/{LastExactKey}")).Json.GetProperty("o_orderdate").GetString()));
    }

    [TestCase(AsNumbers, "9007199254740992", "order_not_found")]
    [TestCase(ToTheLastDigit, "9007199254740993", "9007199254740993")]
    public async Task A_key_past_2_to_the_53_is_read_as_its_neighbour_unless_fetch_keeps_its_digits(string parsing, string key, string found)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(9007199254740993);
        await using RunningApi api = await RunningApi.StartAsync(database.ConnectionString);
        JsonElement first = await DoAsync("first", 0, parsing, api);
        Assert.That(Text(first, "key"), Is.EqualTo(key));
        Assert.That(Text(first, "found"), Is.EqualTo(found));
    }

    [Test]
    public async Task A_walk_past_2_to_the_53_visits_every_order_once_each_way_when_fetch_keeps_the_digits()
    {
        long[] keys = [1, LastExactKey, .. Enumerable.Range(1, 9).Select(step => LastExactKey + step), long.MaxValue];
        await using TestDatabase database = await TestDatabase.CreateAsync(keys);
        await using RunningApi api = await RunningApi.StartAsync(database.ConnectionString);
        JsonElement walk = await DoAsync("walk", 2, ToTheLastDigit, api);
        Assert.That(Strings(walk, "forward"), Is.EqualTo(keys.Select(Text)));
        Assert.That(Strings(walk, "back"), Is.EqualTo(keys.Select(Text)));
    }

    /// <summary>Both clients, and the programs on them: what a generator or the compiler has to say beyond success fails all tests.</summary>
    private static async Task BuildAsync()
    {
        string document = Path.Combine(SourceTree.Root, "Orders.Api", "OpenApi", "openapi.json");
        string generated = Path.Combine(NodeProject.Folder, "generated");
        if (Directory.Exists(generated))
        {
            Directory.Delete(generated, recursive: true);
        }

        NodeProject.Result[] generators = await Task.WhenAll(
            NodeProject.RunPackageAsync("openapi-typescript", document, "--output", "generated/openapi-typescript.ts"),
            NodeProject.RunPackageAsync("openapi-ts", "--input", document, "--output", "generated/hey-api", "--no-log-file"));
        Assert.That(generators.Select(result => result.ExitCode), Is.All.Zero, string.Concat(generators.Select(result => result.Output + result.Errors)));
        Assert.That(generators.Select(result => result.Output + result.Errors), Is.All.Not.Contains("warn").IgnoreCase);
        NodeProject.Result compiler = await NodeProject.RunPackageAsync("tsc");
        Assert.That((compiler.ExitCode, compiler.Output + compiler.Errors), Is.EqualTo((0, "")));
    }

    private Task<JsonElement> DoAsync(string step, long number) => DoAsync(step, number, AsNumbers, _api);

    /// <summary>What the program found out by a step.</summary>
    private async Task<JsonElement> DoAsync(string step, long number, string parsing, RunningApi api, params string[] credentials)
    {
        string address = api.Client.BaseAddress!.ToString().TrimEnd('/');
        NodeProject.Result result = await NodeProject.RunAsync([$"generated/js/{program}.js", address, parsing, step, Text(number), .. credentials]);
        Assert.That((result.ExitCode, result.Errors), Is.EqualTo((0, "")));
        return JsonDocument.Parse(result.Output).RootElement;
    }

    private static string Text(long number) => number.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();

    private static string[] Strings(JsonElement element, string name) => [.. element.GetProperty(name).EnumerateArray().Select(item => item.GetString()!)];
}
