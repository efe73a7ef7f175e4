using System.Net.Http.Json;
using Orders.Application.Overlay;
using Orders.Tests.Support;

namespace Orders.Tests.Overlay;

/// <summary>The caller that is recorded with a change. Only a trusted proxy can name one.</summary>
internal sealed class RecordedCallerTests
{
    private const string Trust = "--Orders:TrustForwardedUser=true";
    private const string LocalProxy = "--Orders:TrustedProxies=127.0.0.0/8";

    private TestDatabase _database = null!;

    [SetUp]
    public async Task SetUpAsync() => _database = await TestDatabase.CreateAsync(StatusChangeMode.Overlay, 1);

    [TearDown]
    public async Task TearDownAsync() => await _database.DisposeAsync();

    [TestCase("X-Forwarded-Email: anna@example.com, X-Forwarded-Preferred-Username: anna, X-Forwarded-User: 7@1", "anna@example.com")]
    [TestCase("X-Forwarded-User: 7@1, X-Forwarded-Preferred-Username: anna", null)]
    [TestCase("X-Forwarded-Email: forged@example.com, X-Forwarded-Email: anna@example.com", null)]
    [TestCase("X-Forwarded-For: 10.0.0.1", null)]
    public async Task The_recorded_caller_is_the_one_that_the_trusted_proxy_names(string headers, string? caller) =>
        Assert.That((await ChangeAsync(headers, Trust, LocalProxy)).ChangedBy, Is.EqualTo(caller));

    [Test]
    public async Task Only_the_configured_header_names_the_caller() => Assert.That(
        (await ChangeAsync("X-Forwarded-Email: forged@example.com, X-Forwarded-User: 7@1", Trust, LocalProxy, "--Orders:ForwardedUserHeader=X-Forwarded-User")).ChangedBy,
        Is.EqualTo("7@1"));

    [TestCase("X-Forwarded-Email: forged@example.com")]
    [TestCase("X-Forwarded-For: 127.0.0.1, X-Forwarded-Email: forged@example.com")]
    public async Task A_client_that_is_no_trusted_proxy_can_not_name_itself(string headers) =>
        Assert.That((await ChangeAsync(headers, Trust, "--Orders:TrustedProxies=10.0.0.0/8, 192.168.7.1")).ChangedBy, Is.Null);

    [Test]
    public async Task A_name_that_is_too_long_is_not_recorded() =>
        Assert.That((await ChangeAsync($"X-Forwarded-Email: {new string('a', 257)}", Trust, LocalProxy)).ChangedBy, Is.Null);

    [Test]
    public async Task A_named_caller_is_not_recorded_unless_the_setting_trusts_the_proxy() =>
        Assert.That((await ChangeAsync("X-Forwarded-Email: anna@example.com")).ChangedBy, Is.Null);

    [Test]
    public async Task The_trace_id_of_the_request_is_recorded_with_its_change()
    {
        RecordedChange change = await ChangeAsync("traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
        Assert.That(change.TraceId, Is.EqualTo("4bf92f3577b34da6a3ce929d0e0e4736"));
    }

    private async Task<RecordedChange> ChangeAsync(string headers, params string[] settings)
    {
        await using RunningApi api = await RunningApi.StartAsync(_database.ConnectionString, [.. _database.Settings, .. settings]);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/orders/1/status") { Content = JsonContent.Create(new { o_orderstatus = "F" }) };
        foreach (string[] header in headers.Split(", ").Select(header => header.Split(": ")))
        {
            request.Headers.TryAddWithoutValidation(header[0], header[1]);
        }

        Assert.That((await api.SendAsync(request)).Status, Is.EqualTo(200));
        return (await RecordedChange.ReadAsync(_database)).Single();
    }
}
