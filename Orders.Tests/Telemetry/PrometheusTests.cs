using System.Text.Json;
using System.Text.RegularExpressions;
using Orders.Tests.Management;
using Orders.Tests.Support;

namespace Orders.Tests.Telemetry;

/// <summary>The board and the alerts, on Prometheus itself.</summary>
internal sealed partial class PrometheusTests
{
    private static readonly string Rules = Path.Combine(SourceTree.Root, "deploy", "prometheus", "orders.rules.yaml");
    private static readonly string Board = Path.Combine(SourceTree.Root, "deploy", "grafana", "orders.json");

    /// <summary>Measured only where there is such a fault, such a server or such a limit. InstrumentTests has them measured.</summary>
    private static readonly string[] Rare =
    [
        "orders_requests_refused_total", "orders_standby_lag_bytes", "orders_consistency_primary_reads_total", "orders_credential_age_seconds",
        "orders_credential_renewals_total", "orders_log_dropped_total", "db_client_connection_npgsql_pending_requests",
    ];

    [Test]
    public async Task The_rules_are_valid_and_each_alert_fires_on_its_fault_alone()
    {
        (int checkedCode, string says) = await PrometheusServer.CheckAsync("check", "rules", Rules);
        Assert.That(checkedCode, Is.Zero, says);
        string tests = Path.ChangeExtension(Rules, "test.yaml");
        (int testedCode, string result) = await PrometheusServer.CheckAsync("test", "rules", tests);
        Assert.That(testedCode, Is.Zero, result);
        string text = await File.ReadAllTextAsync(tests);
        foreach (string alert in await AlertsAsync())
        {
            Assert.That(text, Does.Contain($"name: {alert} fires").And.Contain($"name: {alert} is quiet"));
        }
    }

    [Test]
    public async Task Each_alert_has_a_line_that_says_what_to_do()
    {
        string operations = await File.ReadAllTextAsync(Path.Combine(SourceTree.Root, "docs", "operations.md"));
        string[] alerts = await AlertsAsync();
        Assert.That(alerts, Is.Not.Empty);
        Assert.That(alerts.Where(alert => !operations.Contains($"| `{alert}` |", StringComparison.Ordinal)), Is.Empty);
        Assert.That(Documented().Matches(operations).Select(match => match.Groups[1].Value), Is.EquivalentTo(alerts));
    }

    [Test]
    public async Task Each_query_of_the_board_finds_data_under_load()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(Enumerable.Range(1, 5000).Select(key => (long)key));
        using ApiProcess process = ManagementServerTests.Start(database.ConnectionString, "--Serilog:MinimumLevel:Override:Orders=Information");
        using var clients = new HttpClient { BaseAddress = await process.ListeningAsync() };
        using HttpClient operators = await ManagementServerTests.ManagementOf(process);
        await using PrometheusServer prometheus = await PrometheusServer.StartAsync(operators.BaseAddress!.Authority, Rules);
        using var ending = new CancellationTokenSource();
        Task load = LoadAsync(clients, ending.Token);
        string[] queries = await QueriesAsync();
        Assert.That(queries, Has.Length.GreaterThan(20));
        foreach (string query in queries)
        {
            await prometheus.UntilAsync(query);
            Assert.That(await prometheus.QueryAsync(query), Has.Some.Not.NaN, query);
        }

        await ending.CancelAsync();
        await load;

        // `or vector(0)` finds data for a name that there is not.
        string metrics = await operators.GetStringAsync(new Uri("/metrics", UriKind.Relative));
        string[] names = [.. Names(metrics), .. Rare];
        string rules = await File.ReadAllTextAsync(Rules);
        Assert.That(queries.Append(rules).SelectMany(query => Metric().Matches(Labels().Replace(query, "")).Select(match => match.Value)).Distinct().Except(names), Is.Empty);
    }

    private static async Task LoadAsync(HttpClient client, CancellationToken ending)
    {
        string[] paths =
        [
            "/api/v1/orders/1", "/api/v1/orders/2", "/api/v1/orders/pages?page=300&page_size=10", "/api/v1/orders/stream?cursor=55", "/api/v1/orders/count", "/api/v1/orders/99999",
            "/api/v1/orders/sample", "/api/v1/orders?order_keys=1,2,3", "/no/such/path",
        ];
        while (!ending.IsCancellationRequested)
        {
            HttpResponseMessage[] answers = await Task.WhenAll(paths.Select(path => client.GetAsync(new Uri(path, UriKind.Relative), CancellationToken.None)));
            Array.ForEach(answers, answer => answer.Dispose());
        }
    }

    private static async Task<string[]> AlertsAsync() =>
        [.. Alert().Matches(await File.ReadAllTextAsync(Rules)).Select(match => match.Groups[1].Value)];

    /// <summary>Grafana puts in the range that fits the scrapes.</summary>
    private static async Task<string[]> QueriesAsync()
    {
        using JsonDocument board = JsonDocument.Parse(await File.ReadAllTextAsync(Board));
        return
        [
            .. board.RootElement.GetProperty("panels").EnumerateArray()
                .Where(panel => panel.TryGetProperty("targets", out _))
                .SelectMany(panel => panel.GetProperty("targets").EnumerateArray())
                .Select(target => target.GetProperty("expr").GetString()!.Replace("$__rate_interval", "10s", StringComparison.Ordinal)),
        ];
    }

    private static IEnumerable<string> Names(string metrics) => metrics.Split('\n')
        .Where(line => line.Length > 0 && line[0] != '#')
        .Select(line => line.Split('{', ' ')[0])
        .Distinct();

    [GeneratedRegex(@"^\s*- alert: (\w+)$", RegexOptions.Multiline)]
    private static partial Regex Alert();

    [GeneratedRegex(@"^\| `(Orders[A-Z]\w+)` \|", RegexOptions.Multiline)]
    private static partial Regex Documented();

    /// <summary>Where labels stand.</summary>
    [GeneratedRegex(@"\{[^}]*\}|by \([^)]*\)")]
    private static partial Regex Labels();

    [GeneratedRegex(@"\b(http|db|dotnet|kestrel|orders)_\w+")]
    private static partial Regex Metric();
}
