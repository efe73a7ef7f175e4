using System.Globalization;
using System.Net;
using System.Text;
using Orders.Tests.Support;

namespace Orders.Tests.Servers;

/// <summary>Two instances behind HAProxy, which are restarted one after another while clients change and read orders.</summary>
internal sealed class RollingRestartTests
{
    private const int Clients = 4;
    private const int OrderCount = 1000;

    /// <summary>Between two requests of a client, so that the machine has time left for what is restarted.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(5);

    private TestDatabase _database = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => _database = await TestDatabase.CreateAsync(Enumerable.Range(1, OrderCount).Select(key => (long)key));

    [OneTimeTearDown]
    public async Task StopAsync() => await _database.DisposeAsync();

    [Test]
    public async Task No_request_fails()
    {
        int[] ports = [Ports.Free(), Ports.Free()];
        ApiProcess[] instances = [Start(ports[0]), Start(ports[1])];
        try
        {
            using HaProxy proxy = await HaProxy.StartAsync(await instances[0].ListeningAsync(), await instances[1].ListeningAsync());
            using var over = new CancellationTokenSource();
            Task<(int Sent, List<string> Failures)>[] clients = [.. Enumerable.Range(0, Clients).Select(seed => AskAsync(proxy.Address, seed, over.Token))];
            for (int i = 0; i < instances.Length; i++)
            {
                instances[i].Terminate();
                Assert.That(await instances[i].EndAsync(), Is.Zero, instances[i].Errors);
                instances[i].Dispose();
                instances[i] = Start(ports[i]);
                await ServesAsync(await instances[i].ListeningAsync());
                await IsSentRequestsAsync(instances[i]);
            }

            await over.CancelAsync();
            (int Sent, List<string> Failures)[] results = await Task.WhenAll(clients);
            Assert.That(results.SelectMany(result => result.Failures), Is.Empty);
            Assert.That(results.Select(result => result.Sent), Is.All.GreaterThan(100));
        }
        finally
        {
            Array.ForEach(instances, instance => instance.Dispose());
        }
    }

    [Test]
    public async Task Each_instance_says_how_old_its_count_is_and_agrees_with_the_others()
    {
        await using RunningApi one = await RunningApi.StartAsync(_database.ConnectionString);
        await using RunningApi two = await RunningApi.StartAsync(_database.ConnectionString);
        foreach (RunningApi instance in new[] { one, two })
        {
            RunningApi.Answer count = await instance.GetAsync("/api/v1/orders/count");
            RunningApi.Answer page = await instance.GetAsync("/api/v1/orders/pages?page=5");
            Assert.That(count.Json.GetProperty("total_orders").GetInt64(), Is.EqualTo(OrderCount));
            Assert.That(page.Pagination.GetProperty("total_count").GetInt64(), Is.EqualTo(OrderCount));
            Assert.That((count.Headers.ContainsKey("Age"), page.Headers.ContainsKey("Age")), Is.EqualTo((true, true)));
        }

        // A change by one is read from the other at once.
        Assert.That((await one.PostStatusAsync(7, """{"o_orderstatus":"P"}""")).Status, Is.EqualTo(200));
        Assert.That((await two.GetAsync("/api/v1/orders/7")).Json.GetProperty("o_orderstatus").GetString(), Is.EqualTo("P"));
    }

    /// <summary>Longer than a probe takes to see it: an interval and a time-out of a second each.</summary>
    private ApiProcess Start(int port) => ApiProcess.Start(
        "Production", new Dictionary<string, string> { ["Orders__ShutdownDelay"] = "4" }, $"--ConnectionStrings:Orders={_database.ConnectionString}",
        $"--urls=http://127.0.0.1:{port.ToString(CultureInfo.InvariantCulture)}");

    private static async Task ServesAsync(Uri address)
    {
        using var client = new HttpClient { BaseAddress = address };
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        HttpStatusCode status;
        do
        {
            using HttpResponseMessage answer = await client.GetAsync(new Uri("/health/ready", UriKind.Relative), deadline.Token);
            status = answer.StatusCode;
        }
        while (status != HttpStatusCode.OK);
    }

    /// <summary>HAProxy has taken it in again: its log has a line of a client's request.</summary>
    private static Task IsSentRequestsAsync(ApiProcess instance) => instance.LineAsync("/api/v1/orders/{order_key}");

    private static async Task<(int Sent, List<string> Failures)> AskAsync(Uri address, int seed, CancellationToken over)
    {
        var random = new Random(seed);
        var failures = new List<string>();
        int sent = 0;
        using var client = new HttpClient { BaseAddress = address };
        using var timer = new PeriodicTimer(Interval);
        for (; !over.IsCancellationRequested && await timer.WaitForNextTickAsync(CancellationToken.None); sent++)
        {
            string path = $"/api/v1/orders/{random.Next(1, OrderCount + 1).ToString(CultureInfo.InvariantCulture)}";
            using var request = random.Next(10) == 0
                ? new HttpRequestMessage(HttpMethod.Post, $"{path}/status") { Content = new StringContent("""{"o_orderstatus":"F"}""", Encoding.UTF8, "application/json") }
                : new HttpRequestMessage(HttpMethod.Get, path);
            try
            {
                using HttpResponseMessage answer = await client.SendAsync(request, CancellationToken.None);
                if (answer.StatusCode != HttpStatusCode.OK)
                {
                    failures.Add($"{request.Method} {path}: {answer.StatusCode} {await answer.Content.ReadAsStringAsync(CancellationToken.None)}");
                }
            }
            catch (HttpRequestException exception)
            {
                failures.Add($"{request.Method} {path}: {exception.GetBaseException().Message}");
            }
        }

        return (sent, failures);
    }
}
