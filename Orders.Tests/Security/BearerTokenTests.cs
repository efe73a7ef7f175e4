using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Microsoft.IdentityModel.Tokens;
using Orders.Api.Security;
using Orders.Tests.Security.Support;
using Orders.Tests.Support;

namespace Orders.Tests.Security;

/// <summary>Which bearer tokens are taken. The identity provider is real.</summary>
internal sealed class BearerTokenTests
{
    private const string Order = "/api/v1/orders/1";

    private TestDatabase _database = null!;
    private IdentityProvider _provider = null!;
    private RunningApi _api = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _database = await TestDatabase.CreateAsync(1, 2, 3);
        _provider = await IdentityProvider.StartAsync();
        _api = await StartApiAsync();
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        await _api.DisposeAsync();
        await _provider.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Test]
    public async Task A_token_of_the_provider_is_taken_again_and_again()
    {
        string token = await _provider.GetTokenAsync("orders.read");
        Assert.That((await AskAsync(_api, token)).Status, Is.EqualTo(200));
        Assert.That((await AskAsync(_api, token)).Status, Is.EqualTo(200));
    }

    [TestCase("""{"scope":"orders.write orders.read"}""", 200)]
    [TestCase("""{"scope":["orders.write","orders.read"]}""", 200)]
    [TestCase("""{"scp":"orders.read"}""", 200)]
    [TestCase("""{"scp":["orders.read"]}""", 200)]
    [TestCase("""{"roles":["orders.read"]}""", 200)]
    [TestCase("""{"scope":"all-apis"}""", 200)]
    [TestCase("""{"permissions":"orders.read"}""", 403)]
    [TestCase("""{"scope":"orders.reader"}""", 403)]
    [TestCase("""{"scope":"ORDERS.READ"}""", 403)]
    [TestCase("""{"scope":""}""", 403)]
    [TestCase("{}", 403)]
    public async Task Scopes_are_read_from_the_usual_claims_and_from_a_configured_one(string claims, int status)
    {
        await using RunningApi api = await StartApiAsync("--Authentication:ScopeClaim=roles", "--Authentication:ScopeMap:all-apis=orders.read orders.write");
        string token = _provider.Sign(token =>
        {
            token.Claims = JsonDocumentClaims.Read(claims);
            token.Claims["sub"] = "suite";
        });
        Assert.That((await AskAsync(api, token)).Status, Is.EqualTo(status));
    }

    [TestCase("client_id")]
    [TestCase("azp")]
    [TestCase("appid")]
    public async Task A_token_without_a_subject_is_its_clients(string claim) => Assert.That(
        (await AskAsync(_api, _provider.Sign(token => token.Claims = new Dictionary<string, object> { [claim] = "suite", ["scope"] = "orders.read" }))).Status,
        Is.EqualTo(200));

    [Test]
    public async Task A_token_that_names_nobody_is_refused() => await AssertRefusedAsync(
        _provider.Sign(token => token.Claims = new Dictionary<string, object> { ["scope"] = "orders.read" }));

    [TestCase(-31, 401)]
    [TestCase(-5, 200)]
    [TestCase(60, 200)]
    public async Task An_expired_token_is_refused_after_half_a_minute(int seconds, int status) => Assert.That(
        (await AskAsync(_api, _provider.Sign(token => token.Expires = DateTime.UtcNow.AddSeconds(seconds)))).Status, Is.EqualTo(status));

    [Test]
    public async Task A_token_that_never_expires_is_refused() => await AssertRefusedAsync(_provider.Sign(token => token.Expires = null));

    [Test]
    public async Task A_token_that_is_not_valid_yet_is_refused() =>
        await AssertRefusedAsync(_provider.Sign(token => token.NotBefore = DateTime.UtcNow.AddMinutes(2)));

    [Test]
    public async Task A_token_for_another_audience_is_refused() =>
        await AssertRefusedAsync(await _provider.GetTokenAsync("orders.read", audience: "billing-api"));

    [Test]
    public async Task A_token_without_an_audience_is_refused() => await AssertRefusedAsync(_provider.Sign(token => token.Audience = null));

    [Test]
    public async Task A_token_of_another_issuer_is_refused()
    {
        await using IdentityProvider other = await IdentityProvider.StartAsync();
        await AssertRefusedAsync(await other.GetTokenAsync("orders.read"));
        await AssertRefusedAsync(_provider.Sign(token => token.Issuer = other.Address.ToString()));
        await AssertRefusedAsync(other.Sign(token => token.Issuer = _provider.Address.ToString()));
    }

    [Test]
    public async Task A_token_without_a_signature_is_refused()
    {
        string signed = await _provider.GetTokenAsync("orders.read");
        string none = Base64UrlEncoder.Encode("""{"alg":"none","typ":"JWT"}""");
        await AssertRefusedAsync($"{none}.{signed.Split('.')[1]}.");
        await AssertRefusedAsync($"{signed[..signed.LastIndexOf('.')]}.");
        await AssertRefusedAsync(signed[..signed.LastIndexOf('.')]);
    }

    [Test]
    public async Task A_token_that_was_changed_is_refused()
    {
        string[] parts = (await _provider.GetTokenAsync("orders.read")).Split('.');
        string payload = Base64UrlEncoder.Decode(parts[1]).Replace("orders.read", "orders.write", StringComparison.Ordinal);
        await AssertRefusedAsync($"{parts[0]}.{Base64UrlEncoder.Encode(payload)}.{parts[2]}");
    }

    /// <summary>Everybody has the public key. Whoever takes it for a shared one lets everybody make tokens.</summary>
    [Test]
    public async Task A_token_signed_with_the_public_key_as_a_shared_one_is_refused()
    {
        RSA key = _provider.Key.Rsa;
        foreach (byte[] shared in new[] { Encoding.ASCII.GetBytes(key.ExportSubjectPublicKeyInfoPem()), key.ExportSubjectPublicKeyInfo(), key.ExportRSAPublicKey(), key.ExportParameters(false).Modulus! })
        {
            await AssertRefusedAsync(_provider.Sign(token => token.SigningCredentials = new SigningCredentials(
                new SymmetricSecurityKey(shared) { KeyId = _provider.Key.KeyId }, SecurityAlgorithms.HmacSha256)));
        }
    }

    [TestCase("")]
    [TestCase("nonsense")]
    [TestCase("a.b.c")]
    [TestCase("....")]
    [TestCase("eyJhbGciOiJSUzI1NiJ9.e30.AAAA")]
    public async Task What_is_no_token_is_refused(string token) => await AssertRefusedAsync(token);

    [Test]
    public async Task A_token_and_an_API_key_together_are_refused()
    {
        string token = await _provider.GetTokenAsync("orders.read");
        RunningApi.Answer answer = await _api.GetAsync(Order, ("Authorization", $"Bearer {token}"), ("X-API-Key", "orders_key"));
        Assert.That((answer.Status, answer.Code), Is.EqualTo((401, "unauthenticated")));
    }

    /// <summary>As a generated client does that knows both headers, and was given one thing.</summary>
    [Test]
    public async Task The_same_in_both_headers_is_one()
    {
        string key = ApiKey.Generate();
        await using RunningApi api = await StartApiAsync(
            $"--Authentication:ApiKeys:suite:Sha256={Convert.ToHexString(ApiKey.Digest(key))}", "--Authentication:ApiKeys:suite:Scopes=orders.read");
        foreach (string one in new[] { key, await _provider.GetTokenAsync("orders.read") })
        {
            Assert.That((await api.GetAsync(Order, ("Authorization", $"Bearer {one}"), ("X-API-Key", one))).Status, Is.EqualTo(200));
        }
    }

    [Test]
    public async Task After_the_provider_changed_its_key_its_new_tokens_are_taken_at_once()
    {
        await using IdentityProvider provider = await IdentityProvider.StartAsync();
        await using RunningApi api = await StartApiAsync(provider.Settings);
        string before = await provider.GetTokenAsync("orders.read");
        Assert.That((await AskAsync(api, before)).Status, Is.EqualTo(200));
        await provider.RotateKeyAsync();
        Assert.That((await AskAsync(api, await provider.GetTokenAsync("orders.read"))).Status, Is.EqualTo(200));
    }

    [Test]
    public async Task A_provider_that_can_not_be_reached_at_the_start_is_503_until_it_is_there()
    {
        await using IdentityProvider provider = await IdentityProvider.StartAsync();
        string token = await provider.GetTokenAsync("orders.read");
        await provider.StopAsync();
        await using RunningApi api = await StartApiAsync(provider.Settings);
        RunningApi.Answer answer = await AskAsync(api, token);
        Assert.That((answer.Status, answer.Code, answer.Headers["Retry-After"]), Is.EqualTo((503, "authentication_unavailable", "5")));
        await provider.StartAgainAsync();
        Assert.That((await AskAsync(api, token)).Status, Is.EqualTo(200));
    }

    [Test]
    public async Task A_provider_that_goes_away_later_is_not_missed()
    {
        await using IdentityProvider provider = await IdentityProvider.StartAsync();
        await using RunningApi api = await StartApiAsync(provider.Settings);
        string known = await provider.GetTokenAsync("orders.read");
        string unknown = await provider.GetTokenAsync("orders.read", client: "another");
        Assert.That((await AskAsync(api, known)).Status, Is.EqualTo(200));
        await provider.StopAsync();
        Assert.That((await AskAsync(api, known)).Status, Is.EqualTo(200));
        Assert.That((await AskAsync(api, unknown)).Status, Is.EqualTo(200));
        await AssertRefusedAsync("a.b.c", api);
    }

    [Test]
    public async Task A_provider_that_hangs_holds_up_nobody_without_a_token()
    {
        using var silent = new TcpListener(System.Net.IPAddress.Loopback, 0);
        silent.Start();
        await using RunningApi api = await StartApiAsync(
            $"--Authentication:Schemes:Bearer:Authority=http://{silent.LocalEndpoint}", "--Authentication:Schemes:Bearer:BackchannelTimeout=00:00:00.3",
            "--Orders:AnonymousAccess=Read");
        Task<RunningApi.Answer[]> waiting = Task.WhenAll(Enumerable.Range(0, 20).Select(_ => AskAsync(api, _provider.Sign(_ => { }))));
        Assert.That((await api.GetAsync(Order)).Status, Is.EqualTo(200));
        Assert.That((await waiting).Select(answer => (answer.Status, answer.Code)), Is.All.EqualTo((503, "authentication_unavailable")));
    }

    [Test]
    public async Task A_key_of_the_settings_signs_tokens_too()
    {
        byte[] shared = RandomNumberGenerator.GetBytes(32);
        string[] settings =
        [
            "--Authentication:Schemes:Bearer:ValidIssuer=here", "--Authentication:Schemes:Bearer:SigningKeys:0:Issuer=here",
            $"--Authentication:Schemes:Bearer:SigningKeys:0:Value={Convert.ToBase64String(shared)}",
            $"--Authentication:Schemes:Bearer:ValidAudiences:0={IdentityProvider.Audience}", "--Orders:AnonymousAccess=None",
        ];
        await using RunningApi api = await RunningApi.StartAsync(_database.ConnectionString, settings);
        string Token(byte[] key) => _provider.Sign(token =>
        {
            token.Issuer = "here";
            token.SigningCredentials = new SigningCredentials(new SymmetricSecurityKey(key), SecurityAlgorithms.HmacSha256);
        });
        Assert.That((await AskAsync(api, Token(shared))).Status, Is.EqualTo(200));
        await AssertRefusedAsync(Token(RandomNumberGenerator.GetBytes(32)), api);
    }

    private static Task<RunningApi.Answer> AskAsync(RunningApi api, string token) => api.GetAsync(Order, ("Authorization", $"Bearer {token}"));

    private Task<RunningApi> StartApiAsync(params string[] settings) =>
        RunningApi.StartAsync(_database.ConnectionString, ["--Orders:AnonymousAccess=None", .. _provider.Settings, .. settings]);

    private async Task AssertRefusedAsync(string token, RunningApi? api = null)
    {
        RunningApi.Answer answer = await AskAsync(api ?? _api, token);
        Assert.That((answer.Status, answer.Code, answer.ContentType), Is.EqualTo((401, "unauthenticated", "application/problem+json")));
        Assert.That(answer.Headers["WWW-Authenticate"], Does.StartWith("Bearer error=\"invalid_token\""));
    }

    /// <summary>The claims of a JSON object, lists as lists.</summary>
    private static class JsonDocumentClaims
    {
        public static Dictionary<string, object> Read(string json) => System.Text.Json.JsonDocument.Parse(json).RootElement.EnumerateObject()
            .ToDictionary(claim => claim.Name, claim => claim.Value.ValueKind == System.Text.Json.JsonValueKind.Array
                ? (object)claim.Value.EnumerateArray().Select(value => value.GetString()!).ToArray()
                : claim.Value.GetString()!);
    }
}
