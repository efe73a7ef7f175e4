using Orders.Application;
using Orders.Tests.Support;

namespace Orders.Tests.Security;

/// <summary>What the service says at its start of settings that would leave it open, or closed to all.</summary>
internal sealed class SecuritySettingsTests
{
    private const string Bearer = "--Authentication:Schemes:Bearer";
    private const string NoDatabase = "--ConnectionStrings:Orders=Host=127.0.0.1";

    [Test]
    public void Outside_Development_nobody_is_let_in_by_default_so_it_does_not_start() =>
        AssertRefused([], "Authentication:Schemes:Bearer:Authority", "api-key create", "Orders:AnonymousAccess");

    /// <summary>What <c>dotnet user-jwts</c> has left among a developer's secrets must not keep the service from starting.</summary>
    [Test]
    public void Keys_alone_take_no_tokens() => AssertRefused(
        [$"{Bearer}:SigningKeys:0:Value=BfGT6pudZZM0PLChB7P/X602IhkCvY4W3oul2w4rV4E=", $"{Bearer}:SigningKeys:0:Issuer=dotnet-user-jwts"],
        "Nobody could call this service");

    [Test]
    public void The_key_to_the_resources_lets_nobody_read_orders() =>
        AssertRefused(["--Lakebase:ResourcesKey=a-key-of-more-than-thirty-two-characters"], "Nobody could call this service");

    [TestCase($"{Bearer}:Authority=https://login.example.com", "Authentication:Schemes:Bearer:ValidAudiences")]
    [TestCase($"{Bearer}:ValidAudience=orders", "Authentication:Schemes:Bearer:Authority is not set")]
    [TestCase($"{Bearer}:ValidAudience=orders", "Authentication:Schemes:Bearer:Authority is not set", $"{Bearer}:ValidIssuer=here")]
    [TestCase($"{Bearer}:ValidAudience=orders", "RequireHttpsMetadata=false", $"{Bearer}:Authority=http://login.example.com")]
    [TestCase($"{Bearer}:ValidAudience=orders", "Authority is 'login.example.com'", $"{Bearer}:Authority=login.example.com")]
    [TestCase("--Authentication:ScopeMap:all-apis=everything", "Authentication:ScopeMap:all-apis is 'everything'", $"{Bearer}:ValidAudience=orders", $"{Bearer}:Authority=https://login.example.com")]
    [TestCase("--Authentication:ApiKey:suite:Scopes=orders.read", "Authentication:ApiKey is not a setting")]
    [TestCase("--Authentification:ApiKeys:suite:Scopes=orders.read", "Did you mean Authentication:ApiKeys")]
    [TestCase("--Orders:AnonymousAccess=All", "Set it to None or Read or ReadWrite")]
    [TestCase("--Orders:TrustForwardedUser=true", "Orders:TrustedProxies", "--Orders:AnonymousAccess=Read")]
    [TestCase("--Orders:TrustedProxies=proxy.example.com", "Orders:TrustedProxies is 'proxy.example.com'", "--Orders:AnonymousAccess=Read")]
    [TestCase("--Orders:TrustedProxies=10.0.0.0/33", "Orders:TrustedProxies is '10.0.0.0/33'", "--Orders:AnonymousAccess=Read")]
    public void A_setting_that_can_not_be_is_refused(string setting, string said, params string[] others) => AssertRefused([setting, .. others], said);

    [Test]
    public async Task In_Development_everybody_is_let_in_by_default()
    {
        using ApiProcess process = ApiProcess.Start(
            "Development", new Dictionary<string, string> { ["Orders__AnonymousAccess"] = "" }, "--ConnectionStrings:Orders=Host=127.0.0.1;Port=1", "--urls=http://127.0.0.1:0");
        using var client = new HttpClient { BaseAddress = await process.ListeningAsync() };
        using HttpResponseMessage answer = await client.PostAsync(new Uri("/api/v1/orders/1/status", UriKind.Relative), new StringContent("{}", new System.Net.Http.Headers.MediaTypeHeaderValue("application/json")));
        Assert.That((int)answer.StatusCode, Is.EqualTo(422));
    }

    private static void AssertRefused(string[] settings, params string[] said)
    {
        StartupException refusal = Assert.Throws<StartupException>(() => Program.BuildApi([NoDatabase, .. settings]))!;
        foreach (string part in said)
        {
            Assert.That(refusal.Message, Does.Contain(part));
        }
    }
}
