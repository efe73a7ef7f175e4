using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Time.Testing;
using Orders.Api.Security;
using Orders.Application;
using Orders.Tests.Support;

namespace Orders.Tests.Security;

internal sealed class ApiKeyTests
{
    private const string Digest = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

    [Test]
    public void A_key_has_256_random_bits_and_a_prefix()
    {
        string[] keys = [.. Enumerable.Range(0, 100).Select(_ => ApiKey.Generate())];
        Assert.That(keys, Is.Unique);
        Assert.That(keys, Is.All.Matches("^orders_[A-Za-z0-9_-]{43}$"));
    }

    [TestCase("Sha256", "", "Sha256")]
    [TestCase("Sha256", "9f86d0", "Sha256")]
    [TestCase("Sha256", "zz86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", "Sha256")]
    [TestCase("Scopes", "", "Scopes is ''")]
    [TestCase("Scopes", "orders.delete", "Scopes is 'orders.delete'")]
    [TestCase("Scopes", "orders.read,orders.write", "separated by blanks")]
    [TestCase("Expires", "tomorrow", "Expires is 'tomorrow'")]
    [TestCase("Expires", "2027-01-31", "2027-01-31T00:00:00Z")]
    [TestCase("Expires", "2027-01-31T00:00:00", "with its offset")]
    [TestCase("Expire", "2027-01-31T00:00:00Z", "Authentication:ApiKeys:suite:Expire is not a setting")]
    [TestCase("Key", "orders_secret", "Authentication:ApiKeys:suite:Key is not a setting")]
    public void A_setting_that_can_not_be_is_refused(string name, string value, string said) =>
        Assert.That(() => Keys((name, value)), Throws.TypeOf<StartupException>().With.Message.Contains(said));

    [TestCase("2027-01-31T00:00:00Z")]
    [TestCase("2027-01-31T00:00:00.5z")]
    [TestCase("2027-01-31T00:00:00+05:30")]
    [TestCase("")]
    public void A_time_of_RFC_3339_is_taken(string expires) => Assert.That(Keys(("Expires", expires)).AreConfigured);

    [Test]
    public void The_same_key_for_two_callers_is_refused()
    {
        IConfigurationRoot configuration = new ConfigurationBuilder().AddInMemoryCollection(new[] { "one", "two" }.SelectMany(name =>
            new KeyValuePair<string, string?>[] { new($"Authentication:ApiKeys:{name}:Sha256", Digest), new($"Authentication:ApiKeys:{name}:Scopes", "orders.read") })).Build();
        Assert.That(() => ApiKeys.From(configuration), Throws.TypeOf<StartupException>().With.Message.Contains("under one and two"));
    }

    [Test]
    public async Task Keys_rotate_and_expire_without_a_gap_and_refusals_look_alike()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(1);
        var time = new FakeTimeProvider(new DateTimeOffset(2027, 1, 1, 0, 0, 0, TimeSpan.Zero));
        (string before, string after) = (ApiKey.Generate(), ApiKey.Generate());
        await using RunningApi api = await RunningApi.StartAsync(
            time,
            [
                $"--ConnectionStrings:Orders={database.ConnectionString}", "--Orders:AnonymousAccess=None",
                .. Settings("suite-2026", before, "orders.read", "2027-01-01T01:00:00+01:00"), .. Settings("suite-2027", after, "orders.read orders.write"),
            ]);
        RunningApi.Answer expired = await api.GetAsync("/api/v1/orders/1", ("X-API-Key", before));
        RunningApi.Answer unknown = await api.GetAsync("/api/v1/orders/1", ("X-API-Key", ApiKey.Generate()));
        Assert.That((await api.GetAsync("/api/v1/orders/1", ("X-API-Key", after))).Status, Is.EqualTo(200));
        Assert.That((expired.Status, expired.Code, expired.Detail), Is.EqualTo((401, "unauthenticated", unknown.Detail)));
        Assert.That(expired.Headers["WWW-Authenticate"], Is.EqualTo(unknown.Headers["WWW-Authenticate"]).And.Contains("ApiKey header=\"X-API-Key\""));

        time.SetUtcNow(time.GetUtcNow().AddSeconds(1));
        Assert.That((await api.GetAsync("/api/v1/orders/1", ("X-API-Key", before))).Status, Is.EqualTo(401));
    }

    [Test]
    public async Task A_key_is_taken_until_it_expires()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(1);
        var time = new FakeTimeProvider(new DateTimeOffset(2027, 1, 1, 0, 0, 0, TimeSpan.Zero));
        string key = ApiKey.Generate();
        await using RunningApi api = await RunningApi.StartAsync(
            time, [$"--ConnectionStrings:Orders={database.ConnectionString}", .. Settings("suite", key, "orders.read", "2027-01-01T00:00:01Z")]);
        Assert.That((await api.GetAsync("/api/v1/orders/1", ("X-API-Key", key))).Status, Is.EqualTo(200));
        Assert.That((await api.GetAsync("/api/v1/orders/1", ("X-API-Key", $"{key} "))).Status, Is.EqualTo(200), "blanks around a header's value are no part of it");
        Assert.That((await api.GetAsync("/api/v1/orders/1", ("X-API-Key", $"{key}a"))).Status, Is.EqualTo(401));
        Assert.That((await api.GetAsync("/api/v1/orders/1", ("X-API-Key", ""))).Status, Is.EqualTo(401));
        Assert.That((await api.GetAsync("/api/v1/orders/1", ("X-API-Key", key), ("X-API-Key", key))).Status, Is.EqualTo(401));
        Assert.That((await api.GetAsync("/api/v1/orders/1", ("Authorization", $"Bearer {key}"))).Status, Is.EqualTo(401));
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.That((await api.GetAsync("/api/v1/orders/1", ("X-API-Key", key))).Status, Is.EqualTo(401));
    }

    [Test]
    public async Task The_command_makes_a_key_that_its_settings_let_in()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(1);
        using ApiProcess process = ApiProcess.Start("Production", "api-key", "create", "--name", "suite", "--scope", "orders.read", "--scope", "orders.write", "--expires", "2999-01-01T00:00:00Z");
        Assert.That(await process.EndAsync(), Is.Zero, process.Errors);
        string[] lines = process.Output.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        string[] settings = [.. lines.Where(line => line.StartsWith("Authentication__", StringComparison.Ordinal)).Select(line => $"--{line.Replace("__", ":", StringComparison.Ordinal)}")];
        Assert.That(settings, Has.Length.EqualTo(3));
        await using RunningApi api = await RunningApi.StartAsync(database.ConnectionString, ["--Orders:AnonymousAccess=None", .. settings]);
        string key = lines.Single(line => line.StartsWith(ApiKey.Prefix, StringComparison.Ordinal));
        Assert.That((await api.GetAsync("/api/v1/orders/1", ("X-API-Key", key))).Status, Is.EqualTo(200));
    }

    [TestCase("--name is required", "api-key", "create", "--scope", "orders.read")]
    [TestCase("orders.delete", "api-key", "create", "--name", "suite", "--scope", "orders.delete")]
    [TestCase("--name takes letters", "api-key", "create", "--name", "su:ite", "--scope", "orders.read")]
    [TestCase("--expires takes a time", "api-key", "create", "--name", "suite", "--scope", "orders.read", "--expires", "soon")]
    public async Task The_command_says_what_it_takes(string said, params string[] arguments)
    {
        using ApiProcess process = ApiProcess.Start("Production", arguments);
        Assert.That(await process.EndAsync(), Is.EqualTo(1));
        Assert.That(process.Errors.Replace("Option '--name'", "--name", StringComparison.Ordinal), Does.Contain(said));
    }

    private static string[] Settings(string name, string key, string scopes, string? expires = null) =>
    [
        $"--Authentication:ApiKeys:{name}:Sha256={Convert.ToHexString(ApiKey.Digest(key))}", $"--Authentication:ApiKeys:{name}:Scopes={scopes}",
        $"--Authentication:ApiKeys:{name}:Expires={expires}",
    ];

    private static ApiKeys Keys((string Name, string Value) changed)
    {
        var settings = new Dictionary<string, string?> { ["Sha256"] = Digest, ["Scopes"] = "orders.read" };
        settings[changed.Name] = changed.Value;
        return ApiKeys.From(new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(pair => new KeyValuePair<string, string?>($"Authentication:ApiKeys:suite:{pair.Key}", pair.Value))).Build());
    }
}
