using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Orders.Application;
using Orders.Tests.Support;

namespace Orders.Tests.Management;

/// <summary>Metrics and health for the operator, on a port of their own.</summary>
internal sealed partial class ManagementServerTests
{
    [Test]
    public async Task Metrics_and_health_are_there_and_nothing_else_is()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(1);
        using ApiProcess process = Start(database.ConnectionString);
        using var clients = new HttpClient { BaseAddress = await process.ListeningAsync() };
        using HttpClient operators = await ManagementOf(process);
        await clients.GetStringAsync(new Uri("/api/v1/orders/1", UriKind.Relative));
        string metrics = await operators.GetStringAsync(new Uri("/metrics", UriKind.Relative));
        Assert.That(metrics, Does.Contain("http_route=\"api/v1/orders/{order_key}\"").And.Contain("orders_coalescing_batch_size_bucket"));
        Assert.That(metrics, Does.Not.Contain("Username=").And.Not.Contain("Password="));
        Assert.That(await operators.GetStringAsync(new Uri("/health/live", UriKind.Relative)), Is.EqualTo("""{"status":"live"}"""));
        Assert.That(await operators.GetStringAsync(new Uri("/health/ready", UriKind.Relative)), Is.EqualTo("""{"status":"ready"}"""));
        foreach (string path in new[] { "/", "/api/v1/orders/1", "/docs", "/openapi.json" })
        {
            Assert.That(await StatusAsync(operators, path), Is.EqualTo(404), path);
        }

        Assert.That(await StatusAsync(clients, "/metrics"), Is.EqualTo(404));
    }

    [Test]
    public async Task Scrapes_and_probes_are_no_requests_of_clients()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(1);
        using ApiProcess process = Start(database.ConnectionString);
        using var clients = new HttpClient { BaseAddress = await process.ListeningAsync() };
        using HttpClient operators = await ManagementOf(process);
        await operators.GetStringAsync(new Uri("/health/live", UriKind.Relative));
        await operators.GetStringAsync(new Uri("/health/ready", UriKind.Relative));
        await clients.GetStringAsync(new Uri("/api/v1/orders/1", UriKind.Relative));
        string metrics = await operators.GetStringAsync(new Uri("/metrics", UriKind.Relative));
        Assert.That(Requests().Matches(metrics).Select(match => match.Groups["route"].Value), Is.EqualTo(new[] { "api/v1/orders/{order_key}" }));
    }

    [Test]
    public async Task Readiness_says_the_same_on_both_ports()
    {
        using ApiProcess process = Start("Host=127.0.0.1;Port=1;Username=orders");
        using var clients = new HttpClient { BaseAddress = await process.ListeningAsync() };
        using HttpClient operators = await ManagementOf(process);
        foreach (HttpClient client in new[] { clients, operators })
        {
            using HttpResponseMessage answer = await client.GetAsync(new Uri("/health/ready", UriKind.Relative));
            Assert.That((int)answer.StatusCode, Is.EqualTo(503));
            Assert.That(answer.Content.Headers.ContentType?.MediaType, Is.EqualTo("application/problem+json"));
            Assert.That(await answer.Content.ReadAsStringAsync(), Does.Contain("nothing listens at its address"));
        }
    }

    [TestCase("https://localhost:9464")]
    [TestCase("localhost:9464")]
    [TestCase("http://localhost:99999")]
    [TestCase("http://localhost:9464/metrics")]
    [TestCase(";")]
    public void An_address_that_can_not_be_is_refused(string urls)
    {
        StartupException? refusal = Assert.ThrowsAsync<StartupException>(() => RunningApi.StartAsync(
            "Host=127.0.0.1;Port=1", "--Orders:Metrics=On", $"--Orders:ManagementUrls={urls}"));
        Assert.That(refusal?.Message, Does.StartWith($"Orders:ManagementUrls is '{urls}'. Set it to addresses such as http://localhost:9464"));
    }

    [Test]
    public async Task An_address_that_is_taken_is_named_with_its_setting()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        using ApiProcess process = Start("Host=127.0.0.1;Port=1", $"--Orders:ManagementUrls=http://{taken.LocalEndpoint}");
        Assert.That(await process.EndAsync(), Is.EqualTo(1));
        Assert.That(process.Errors, Does.Contain($"{taken.LocalEndpoint}").And.Contain("Set Orders:ManagementUrls to an address of this machine that is free."));
    }

    internal static ApiProcess Start(string connectionString, params string[] settings) => ApiProcess.Start(
        "Production",
        ["--urls=http://127.0.0.1:0", $"--ConnectionStrings:Orders={connectionString}", "--Orders:Metrics=On", "--Orders:ManagementUrls=http://127.0.0.1:0", .. settings]);

    internal static async Task<HttpClient> ManagementOf(ApiProcess process)
    {
        await process.LineAsync("served for the operator");
        string address = Address().Match(process.Output).Groups[1].Value;
        return new HttpClient { BaseAddress = new Uri(address) };
    }

    private static async Task<int> StatusAsync(HttpClient client, string path)
    {
        using HttpResponseMessage answer = await client.GetAsync(new Uri(path, UriKind.Relative));
        return (int)answer.StatusCode;
    }

    [GeneratedRegex("^http_server_request_duration_seconds_count.*http_route=\"(?<route>[^\"]*)\"|^http_server_request_duration_seconds_count", RegexOptions.Multiline)]
    private static partial Regex Requests();

    [GeneratedRegex("\"Address\":\"(http://[^\"]+)\"")]
    private static partial Regex Address();
}
