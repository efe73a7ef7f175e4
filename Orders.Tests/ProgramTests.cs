using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Orders.Tests.Support;

namespace Orders.Tests;

/// <summary>The program from outside: what it says when it can't start, what it logs when it can.</summary>
internal sealed class ProgramTests
{
    private const string NoDatabase = "--ConnectionStrings:Orders=Host=127.0.0.1;Port=1;Username=u;Password=hunter2;Database=d";

    [Test]
    public async Task Production_without_a_database_says_what_to_set_and_ends() =>
        await AssertRefusedAsync(["--urls=http://127.0.0.1:0"], "ConnectionStrings__Orders");

    [TestCase("no connection string at all")]
    [TestCase("Host=localhost;Password=hunter2;Port=many")]
    [TestCase("Host=localhost;Pasword=hunter2")]
    [TestCase("Host=localhost;Password=hunter2;Maximum Pool Size=0")]
    [TestCase("Username=orders;Password=hunter2")]
    public async Task A_connection_string_that_can_not_be_read_is_refused_without_repeating_it(string connectionString)
    {
        string errors = await AssertRefusedAsync([$"--ConnectionStrings:Orders={connectionString}"], "ConnectionStrings:Orders");
        Assert.That(errors, Does.Not.Contain("hunter2").And.Not.Contain(connectionString));
    }

    [TestCase("--Orders:CountMaxAge=soon", "Orders:CountMaxAge")]
    [TestCase("--Orders:CountMaxAge=-1", "Orders:CountMaxAge")]
    [TestCase("--Orders:RequestTimeout=0", "Orders:RequestTimeout")]
    [TestCase("--Orders:MigrateOnStart=maybe", "Orders:MigrateOnStart")]
    [TestCase("--Orders:StatusChanges=Sideways", "Orders:StatusChanges")]
    [TestCase("--Orders:SyncedTable=orders_synced", "Orders:SyncedTable")]
    [TestCase("--Orders:OverlaySchema=public", "Orders:OverlaySchema")]
    [TestCase("--Orders:TrustForwardedUser=maybe", "Orders:TrustForwardedUser")]
    [TestCase("--Serilog:MinimumLevel:Default=Bogus", "Bogus")]
    [TestCase("--Orders.CountMaxAge=5", "--Orders.CountMaxAge")]
    public async Task A_setting_that_can_not_be_is_refused_by_name(string setting, string name) =>
        await AssertRefusedAsync([NoDatabase, setting], name);

    [TestCase("--urls=garbage", "ASPNETCORE_URLS is 'garbage'")]
    [TestCase("--urls=http://localhost:many", "ASPNETCORE_URLS is 'http://localhost:many'")]
    [TestCase("--urls=http://localhost:8000;http://localhost:99999", "ASPNETCORE_URLS is 'http://localhost:8000;http://localhost:99999'")]
    [TestCase("--urls=ftp://localhost:8077", "ASPNETCORE_URLS is 'ftp://localhost:8077'")]
    [TestCase("--urls=http://localhost:8077/orders", "ASPNETCORE_URLS is 'http://localhost:8077/orders'")]
    [TestCase("--urls=http://203.0.113.9:8077", "http://203.0.113.9:8077: ", "Set ASPNETCORE_URLS to an address of this machine that is free.")]
    [TestCase("--urls= ", "ASPNETCORE_URLS is ' '")]
    [TestCase("--http_ports=many", "HTTP_PORTS is 'many'")]
    [TestCase("--http_ports=8077;65536", "HTTP_PORTS is '8077;65536'")]
    [TestCase("--https_ports=-1", "HTTPS_PORTS is '-1'")]
    [TestCase("--Kestrel:Endpoints:Http:Url=garbage", "Kestrel:Endpoints:Http:Url is 'garbage'")]
    public async Task An_address_that_can_not_be_is_refused_as_it_was_given(string setting, params string[] named)
    {
        string errors = await AssertRefusedAsync([NoDatabase, setting], named[0]);
        Assert.That(errors, Does.EndWith(named[^1]).Or.Contain("Set it to"));
    }

    [TestCase("--urls=http://127.0.0.1:0;http://[::1]:0")]
    [TestCase("--urls=http://*:0")]
    [TestCase("--urls=", "--http_ports=0")]
    [TestCase("--Kestrel:Endpoints:Http:Url=http://127.0.0.1:0")]
    public async Task Every_form_of_an_address_is_taken(params string[] settings)
    {
        using ApiProcess process = ApiProcess.Start("Production", [NoDatabase, .. settings]);
        await process.ListeningAsync();
    }

    [Test]
    public async Task An_unknown_command_is_refused() => await AssertRefusedAsync(["sead"], "sead");

    [Test]
    public async Task A_taken_address_is_refused()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        string address = $"http://127.0.0.1:{((IPEndPoint)taken.LocalEndpoint).Port}";
        string errors = await AssertRefusedAsync([NoDatabase, $"--urls={address}"], "ASPNETCORE_URLS");
        Assert.That(errors, Does.Contain(address));
    }

    [Test]
    public async Task Production_logs_one_JSON_line_for_each_request_and_no_secret()
    {
        using ApiProcess process = ApiProcess.Start("Production", NoDatabase, "--urls=http://127.0.0.1:0");
        using var client = new HttpClient { BaseAddress = await process.ListeningAsync() };
        using HttpResponseMessage invalid = await client.GetAsync(new Uri("/api/v1/orders/0?token=hunter3", UriKind.Relative));
        using HttpResponseMessage unavailable = await client.GetAsync(new Uri("/api/v1/orders/1", UriKind.Relative));
        string traceId = JsonDocument.Parse(await unavailable.Content.ReadAsStringAsync()).RootElement.GetProperty("trace_id").GetString()!;
        process.Terminate();
        Assert.That(await process.EndAsync(), Is.Zero);

        JsonElement[] lines = process.JsonLines;
        JsonElement[] requests = [.. lines.Where(line => line.TryGetProperty("RequestMethod", out _))];
        Assert.That(requests.Select(line => line.GetProperty("StatusCode").GetInt32()), Is.EqualTo(new[] { 400, 503 }));
        Assert.That(requests.Select(line => line.GetProperty("Route").GetString()), Is.All.EqualTo("/api/v1/orders/{order_key}"));
        Assert.That(requests.Select(line => line.GetProperty("Elapsed").GetDouble()), Is.All.GreaterThan(0));
        Assert.That(requests[1].GetProperty("@tr").GetString(), Is.EqualTo(traceId));

        // The failure itself, once, with its cause.
        Assert.That(lines.Count(line => line.TryGetProperty("Cause", out _) && line.GetProperty("@tr").GetString() == traceId), Is.EqualTo(1));
        Assert.That(process.Output + process.Errors, Does.Not.Contain("hunter"));
    }

    [Test]
    public async Task Healthcheck_tells_a_service_that_is_up_from_one_that_is_not()
    {
        using ApiProcess process = ApiProcess.Start("Production", NoDatabase, "--urls=http://127.0.0.1:0");
        Uri address = await process.ListeningAsync();
        using ApiProcess up = ApiProcess.Start("Production", "healthcheck", address.ToString());
        Assert.That(await up.EndAsync(), Is.Zero);
        process.Terminate();
        await process.EndAsync();
        using ApiProcess down = ApiProcess.Start("Production", "healthcheck", address.ToString());
        Assert.That(await down.EndAsync(), Is.EqualTo(1));
    }

    [Test]
    public async Task Migrate_makes_the_table_and_ends()
    {
        await using TestDatabase database = await TestDatabase.CreateEmptyAsync();
        using ApiProcess process = ApiProcess.Start("Production", "migrate", $"--ConnectionStrings:Orders={database.ConnectionString}");
        Assert.That(await process.EndAsync(), Is.Zero, process.Errors);
        Assert.That(process.Errors, Does.Contain("0001_orders_synced"));
        Assert.That(await database.ScalarAsync<long>("select count(*) from orders_synced"), Is.Zero);
    }

    [Test]
    public async Task Migrate_without_a_database_says_why_and_ends() => await AssertRefusedAsync(["migrate", NoDatabase], "does not accept connections");

    [Test]
    public async Task A_service_that_migrates_on_start_waits_for_its_database()
    {
        await using TestDatabase database = await TestDatabase.CreateEmptyAsync();
        await using var link = new DatabaseLink(database.ConnectionString);
        await using RunningApi api = await RunningApi.StartAsync(link.ConnectionString, "--Orders:MigrateOnStart=true");
        Assert.That((await api.GetAsync("/health/ready")).Status, Is.EqualTo(503));
        link.Restore();

        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while ((await api.GetAsync("/health/ready")).Status != 200)
        {
            Assert.That(deadline.IsCancellationRequested, Is.False, "The table was not made in time.");
        }
    }

    private static async Task<string> AssertRefusedAsync(string[] arguments, string named)
    {
        using ApiProcess process = ApiProcess.Start("Production", arguments);
        Assert.That(await process.EndAsync(), Is.EqualTo(1), process.Output);
        string errors = process.Errors.Trim();
        Assert.That(errors, Does.Contain(named).And.Not.Contain("   at "));
        Assert.That(errors.Split('\n'), Has.Length.EqualTo(1), errors);
        Assert.That(process.Output, Does.Not.Contain("   at "));
        return errors;
    }
}
