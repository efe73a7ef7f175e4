using System.Text.Json;
using Dapper;
using Npgsql;
using Orders.Application.Orders;
using Orders.Application.Overlay;
using Orders.Domain;
using Orders.Infrastructure.Overlay;
using Orders.Infrastructure.Postgres;
using Orders.Tests.Support;

namespace Orders.Tests.Orders;

/// <summary>What a statement costs, read off PostgreSQL's own account of the last statement it ran.</summary>
[TestFixture(StatusChangeMode.InPlace)]
[TestFixture(StatusChangeMode.Overlay)]
[Category("Persistence")]
internal sealed class QueryPlanTests(StatusChangeMode mode)
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
        _database = await TestDatabase.CreateLocalAsync(mode, Enumerable.Range(1, Rows).Select(key => (long)key));
        await _database.ExecuteAsync($"vacuum (analyze) {_database.Table}");
        if (mode == StatusChangeMode.Overlay)
        {
            await _database.ExecuteAsync(
                """
                insert into order_status_changes (o_orderkey, new_status)
                select key, (array['O', 'F', 'P'])[key % 3 + 1] from generate_series(1, @Rows) as key where key % 4 = 0
                """,
                new { Rows });
            await _database.ExecuteAsync("vacuum (analyze) order_status_changes");
        }
    }

    [OneTimeTearDown]
    public async Task StopAsync() => await _database.DisposeAsync();

    [Test]
    public async Task A_slice_reads_only_its_own_rows_from_the_table() =>
        Assert.That(await TableRowsAsync(repository => repository.SliceAsync(Rows / 2, 900, 10, CancellationToken.None)), Is.LessThanOrEqualTo(11));

    [TestCase(0)]
    [TestCase(900)]
    public async Task A_slice_walks_no_further_than_twice_what_it_skips_and_its_page_either_way(int skip) =>
        Assert.That(
            await IndexRowsAsync(repository => repository.SliceAsync(Rows / 2, skip, 10, CancellationToken.None)),
            Is.LessThanOrEqualTo((2 * skip) + 11 + 11));

    [Test]
    public async Task A_slice_keeps_its_order_without_being_sorted() =>
        Assert.That(
            (await PlansAsync(repository => repository.SliceAsync(Rows / 2, 900, 10, CancellationToken.None))).Select(Type),
            Does.Contain("Limit").And.Not.Contain("Sort"));

    [Test]
    public async Task The_key_index_reads_each_order_once_and_sorts_nothing()
    {
        List<JsonElement> nodes = await PlansAsync(repository => repository.ReadKeyIndexAsync(last: null, CancellationToken.None));
        Assert.That(nodes.Where(node => Relation(node) == "orders_synced").Sum(Read), Is.LessThanOrEqualTo(Rows + 2));
        Assert.That(nodes.Select(Type), Does.Not.Contain("Sort"));
    }

    [Test]
    public async Task A_key_is_found_in_as_many_steps_as_orders_are_skipped() =>
        Assert.That(await IndexRowsAsync(repository => repository.KeyAtAsync(Rows / 2, 900, CancellationToken.None)), Is.EqualTo(901));

    [Test]
    public async Task Draws_at_the_same_time_read_a_fixed_number_of_keys_however_many_there_are()
    {
        // Alone each would read 5 * 11 rows, 22,000 in all. A statement reads 550, and the first one of all begins before the others come.
        (long, long)[] places = [.. Enumerable.Range(1, 5).Select(place => (place * 20L, 10L))];
        Assert.That(
            await IndexRowsAsync(repository => Task.WhenAll(
                Enumerable.Range(0, 400).Select(_ => repository.DrawKeysAsync(places, CancellationToken.None)))),
            Is.InRange(55, 5500));
    }

    [Test]
    public async Task A_slice_looks_up_the_changes_of_its_own_rows_alone()
    {
        JsonElement[] lookups = await ChangesAsync(repository => repository.SliceAsync(Rows / 2, 900, 10, CancellationToken.None));
        Assert.That(lookups.Select(Type), Is.All.EqualTo("Index Only Scan"));
        Assert.That(lookups.Sum(node => node.GetProperty("Actual Loops").GetDouble()), Is.EqualTo(mode == StatusChangeMode.Overlay ? 11 : 0));
    }

    [Test]
    public async Task Counting_and_finding_keys_do_not_look_at_the_changes() =>
        Assert.Multiple(async () =>
        {
            Assert.That(await ChangesAsync(repository => repository.ReadKeyIndexAsync(last: null, CancellationToken.None)), Is.Empty);
            Assert.That(await ChangesAsync(repository => repository.KeyAtAsync(0, 5, CancellationToken.None)), Is.Empty);
        });

    [Test]
    public async Task A_find_and_a_change_read_one_row_of_the_table_by_its_key() =>
        Assert.Multiple(async () =>
        {
            Assert.That(await IndexRowsAsync(repository => repository.FindAsync(Rows / 2, CancellationToken.None)), Is.EqualTo(1));
            Assert.That(await IndexRowsAsync(repository => repository.UpdateStatusAsync(8, OrderStatus.Open, null, CancellationToken.None)), Is.EqualTo(1));
        });

    [Test]
    public async Task Changes_at_once_read_their_own_rows_by_their_keys() =>
        Assert.That(
            await IndexRowsAsync(repository => Task.WhenAll(
                Enumerable.Range(1, 30).Select(key => repository.UpdateStatusAsync(key, OrderStatus.Open, null, CancellationToken.None)))),
            Is.LessThanOrEqualTo(30 * 2));

    /// <summary>The nodes that read the recorded changes.</summary>
    private async Task<JsonElement[]> ChangesAsync(Func<IOrderRepository, Task> run) =>
        [.. (await PlansAsync(run)).Where(node => Relation(node) == OverlayScript.Changes)];

    private async Task<long> TableRowsAsync(Func<IOrderRepository, Task> run) =>
        (await PlansAsync(run)).Where(node => Relation(node) == "orders_synced" && Type(node) is "Index Scan" or "Seq Scan").Sum(Read);

    private async Task<long> IndexRowsAsync(Func<IOrderRepository, Task> run)
    {
        List<JsonElement> nodes = await PlansAsync(run);
        Assert.That(nodes.Select(Type), Does.Not.Contain("Seq Scan"));
        return nodes.Where(node => Relation(node) == "orders_synced" && Type(node) is "Index Scan" or "Index Only Scan").Sum(Read);
    }

    private static string? Relation(JsonElement node) => node.TryGetProperty("Relation Name", out JsonElement name) ? name.GetString() : null;

    private static string Type(JsonElement node) => node.GetProperty("Node Type").GetString()!;

    private static long Read(JsonElement node) =>
        node.TryGetProperty("Actual Rows", out JsonElement rows) ? (long)(rows.GetDouble() * node.GetProperty("Actual Loops").GetDouble()) : 0;

    /// <summary>The nodes of the plans that ran, as auto_explain tells them to the client.</summary>
    private async Task<List<JsonElement>> PlansAsync(Func<IOrderRepository, Task> run)
    {
        using var notices = new NoticeLog();
        NpgsqlDataSourceBuilder builder = OrdersDataSource.Builder(OrdersDataSource.Read(_database.ConnectionString));
        builder.UseLoggerFactory(notices);
        builder.UsePhysicalConnectionInitializer(connection => connection.Execute(Explain), connection => connection.ExecuteAsync(Explain));
        await using NpgsqlDataSource dataSource = builder.Build();
        await run(TestDatabase.RepositoryOn(dataSource, mode));

        List<JsonElement> nodes = [];
        foreach (string notice in notices.Texts.Where(text => text.Contains("plan:", StringComparison.Ordinal)))
        {
            using JsonDocument document = JsonDocument.Parse(notice[notice.IndexOf('{', StringComparison.Ordinal)..]);
            Add(nodes, document.RootElement.GetProperty("Plan").Clone());
        }

        Assert.That(nodes, Is.Not.Empty, string.Join("\n", notices.Texts));
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
