using System.Text.Json;
using Dapper;
using Npgsql;
using Orders.Tests.Support;

namespace Orders.Tests.Persistence;

/// <summary>What a statement costs, read off PostgreSQL's own account of the last statement it ran.</summary>
[Category("Persistence")]
internal sealed class QueryPlanTests
{
    private const int Rows = 20_000;

    private const string Explain =
        """
        load 'auto_explain';
        set auto_explain.log_min_duration = 0;
        set auto_explain.log_analyze = on;
        set auto_explain.log_format = json;
        set auto_explain.log_level = notice;
        """;

    private TestDatabase _database = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _database = await TestDatabase.CreateAsync(Enumerable.Range(1, Rows).Select(key => (long)key));
        await _database.ExecuteAsync("vacuum (analyze) orders_synced");
    }

    [OneTimeTearDown]
    public async Task StopAsync() => await _database.DisposeAsync();

    [Test]
    public async Task A_deep_page_reads_only_its_own_rows_from_the_table() =>
        Assert.That(await TableRowsAsync(repository => repository.SliceForwardAsync(0, Rows - 500, 10, CancellationToken.None)), Is.LessThanOrEqualTo(11));

    [Test]
    public async Task A_page_near_the_end_reads_only_its_own_rows_and_walks_from_the_end() =>
        Assert.That(await IndexRowsAsync(repository => repository.SliceBackwardAsync(Rows, 500, 10, CancellationToken.None)), Is.LessThanOrEqualTo(501 + 11 + 11));

    [Test]
    public async Task A_slice_at_any_cursor_walks_no_further_than_its_page_either_way() =>
        Assert.That(await IndexRowsAsync(repository => repository.SliceAsync(Rows / 2, 10, CancellationToken.None)), Is.LessThanOrEqualTo(11 + 11 + 1));

    [Test]
    public async Task A_sample_does_not_scan_the_table() =>
        Assert.That(await IndexRowsAsync(repository => repository.SampleKeysAsync(5, CancellationToken.None)), Is.LessThan(100 + (40 * (2 + 24))));

    private async Task<long> TableRowsAsync(Func<Orders.Application.IOrderRepository, Task> run) =>
        (await PlansAsync(run)).Where(node => Type(node) is "Index Scan" or "Seq Scan").Sum(Read);

    private async Task<long> IndexRowsAsync(Func<Orders.Application.IOrderRepository, Task> run)
    {
        List<JsonElement> nodes = await PlansAsync(run);
        Assert.That(nodes.Select(Type), Does.Not.Contain("Seq Scan"));
        return nodes.Where(node => Type(node) is "Index Scan" or "Index Only Scan").Sum(Read);
    }

    private static string Type(JsonElement node) => node.GetProperty("Node Type").GetString()!;

    private static long Read(JsonElement node) =>
        (long)(node.GetProperty("Actual Rows").GetDouble() * node.GetProperty("Actual Loops").GetDouble());

    /// <summary>The nodes of the plans that ran, as auto_explain tells them to the client.</summary>
    private async Task<List<JsonElement>> PlansAsync(Func<Orders.Application.IOrderRepository, Task> run)
    {
        using var notices = new NoticeLog();
        var builder = new NpgsqlDataSourceBuilder(_database.ConnectionString);
        builder.UseLoggerFactory(notices);
        builder.UsePhysicalConnectionInitializer(connection => connection.Execute(Explain), connection => connection.ExecuteAsync(Explain));
        await using NpgsqlDataSource dataSource = builder.Build();
        await run(new Orders.Infrastructure.Persistence.OrderRepository(dataSource));

        List<JsonElement> nodes = [];
        foreach (string notice in notices.Texts.Where(text => text.Contains("plan:", StringComparison.Ordinal)))
        {
            using JsonDocument document = JsonDocument.Parse(notice[notice.IndexOf('{', StringComparison.Ordinal)..]);
            Add(nodes, document.RootElement.GetProperty("Plan").Clone());
        }

        Assert.That(nodes, Is.Not.Empty);
        return nodes;
    }

    private static void Add(List<JsonElement> nodes, JsonElement node)
    {
        nodes.Add(node);
        if (node.TryGetProperty("Plans", out JsonElement children))
        {
            foreach (JsonElement child in children.EnumerateArray())
            {
                Add(nodes, child);
            }
        }
    }
}
