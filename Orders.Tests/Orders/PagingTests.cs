using Orders.Tests.Support;

namespace Orders.Tests.Orders;

/// <summary>The pagination block, case by case, on the keys 1, 2, 32, 33, 64, 65, 96.</summary>
[TestFixtureSource(typeof(TableScript), nameof(TableScript.Kinds))]
internal sealed class PagingTests(TableKind kind)
{
    private TestDatabase _database = null!;
    private RunningApi _api = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _database = await TestDatabase.CreateAsync(kind, 1, 2, 32, 33, 64, 65, 96);
        _api = await RunningApi.StartAsync(_database.ConnectionString, _database.Settings);
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        await _api.DisposeAsync();
        await _database.DisposeAsync();
    }

    [TestCase("cursor=0&page_size=3", new long[] { 1, 2, 32 }, """{"page_size":3,"has_next":true,"has_previous":false,"next_cursor":32,"previous_cursor":null}""")]
    [TestCase("cursor=32&page_size=3", new long[] { 33, 64, 65 }, """{"page_size":3,"has_next":true,"has_previous":true,"next_cursor":65,"previous_cursor":0}""")]
    [TestCase("cursor=65&page_size=3", new long[] { 96 }, """{"page_size":3,"has_next":false,"has_previous":true,"next_cursor":null,"previous_cursor":32}""")]
    [TestCase("cursor=96&page_size=3", new long[0], """{"page_size":3,"has_next":false,"has_previous":true,"next_cursor":null,"previous_cursor":33}""")]
    [TestCase("cursor=50&page_size=2", new long[] { 64, 65 }, """{"page_size":2,"has_next":true,"has_previous":true,"next_cursor":65,"previous_cursor":2}""")]
    [TestCase("cursor=1&page_size=3", new long[] { 2, 32, 33 }, """{"page_size":3,"has_next":true,"has_previous":true,"next_cursor":33,"previous_cursor":0}""")]
    [TestCase("cursor=9223372036854775807&page_size=1", new long[0], """{"page_size":1,"has_next":false,"has_previous":true,"next_cursor":null,"previous_cursor":65}""")]
    [TestCase("page_size=7", new long[] { 1, 2, 32, 33, 64, 65, 96 }, """{"page_size":7,"has_next":false,"has_previous":false,"next_cursor":null,"previous_cursor":null}""")]
    [TestCase("", new long[] { 1, 2, 32, 33, 64, 65, 96 }, """{"page_size":100,"has_next":false,"has_previous":false,"next_cursor":null,"previous_cursor":null}""")]
    public async Task A_slice_shows_the_orders_after_its_cursor_and_its_neighbours(string query, long[] keys, string pagination)
    {
        RunningApi.Answer answer = await _api.GetAsync($"/api/v1/orders/stream?{query}");
        Assert.That(answer.Keys, Is.EqualTo(keys));
        Assert.That(answer.Pagination.GetRawText(), Is.EqualTo(pagination));
    }

    [TestCase("page=1&page_size=3", new long[] { 1, 2, 32 }, """{"page":1,"page_size":3,"total_pages":3,"total_count":7,"has_next":true,"has_previous":false,"next_cursor":32,"previous_cursor":null}""")]
    [TestCase("page=2&page_size=3", new long[] { 33, 64, 65 }, """{"page":2,"page_size":3,"total_pages":3,"total_count":7,"has_next":true,"has_previous":true,"next_cursor":65,"previous_cursor":0}""")]
    [TestCase("page=3&page_size=3", new long[] { 96 }, """{"page":3,"page_size":3,"total_pages":3,"total_count":7,"has_next":false,"has_previous":true,"next_cursor":null,"previous_cursor":32}""")]
    [TestCase("page=4&page_size=3", new long[0], """{"page":4,"page_size":3,"total_pages":3,"total_count":7,"has_next":false,"has_previous":true,"next_cursor":null,"previous_cursor":null}""")]
    [TestCase("page=7&page_size=1", new long[] { 96 }, """{"page":7,"page_size":1,"total_pages":7,"total_count":7,"has_next":false,"has_previous":true,"next_cursor":null,"previous_cursor":64}""")]
    [TestCase("page=3&page_size=3&include_count=false", new long[] { 96 }, """{"page":3,"page_size":3,"total_pages":-1,"total_count":-1,"has_next":false,"has_previous":true,"next_cursor":null,"previous_cursor":32}""")]
    [TestCase("page=2147483647&page_size=1000&include_count=0", new long[0], """{"page":2147483647,"page_size":1000,"total_pages":-1,"total_count":-1,"has_next":false,"has_previous":true,"next_cursor":null,"previous_cursor":null}""")]
    [TestCase("page_size=7", new long[] { 1, 2, 32, 33, 64, 65, 96 }, """{"page":1,"page_size":7,"total_pages":1,"total_count":7,"has_next":false,"has_previous":false,"next_cursor":null,"previous_cursor":null}""")]
    [TestCase("", new long[] { 1, 2, 32, 33, 64, 65, 96 }, """{"page":1,"page_size":100,"total_pages":1,"total_count":7,"has_next":false,"has_previous":false,"next_cursor":null,"previous_cursor":null}""")]
    public async Task A_page_shows_its_orders_its_totals_and_its_neighbours(string query, long[] keys, string pagination)
    {
        RunningApi.Answer answer = await _api.GetAsync($"/api/v1/orders/pages?{query}");
        Assert.That(answer.Keys, Is.EqualTo(keys));
        Assert.That(answer.Pagination.GetRawText(), Is.EqualTo(pagination));
    }

    [TestCase("true", 7)]
    [TestCase("TRUE", 7)]
    [TestCase("True", 7)]
    [TestCase("1", 7)]
    [TestCase("false", -1)]
    [TestCase("FALSE", -1)]
    [TestCase("0", -1)]
    public async Task The_count_is_asked_for_in_every_spelling(string includeCount, long total)
    {
        RunningApi.Answer answer = await _api.GetAsync($"/api/v1/orders/pages?include_count={includeCount}");
        Assert.That(answer.Pagination.GetProperty("total_count").GetInt64(), Is.EqualTo(total));
    }

    [TestCase("/api/v1/orders/stream?unknown=x&page_size=1&PAGE_SIZE=x&Cursor=-1")]
    [TestCase("/api/v1/orders/pages?unknown=x&unknown=y&page_size=1&Page=0&cursor=x")]
    public async Task Unknown_parameters_are_ignored(string path)
    {
        RunningApi.Answer answer = await _api.GetAsync(path);
        Assert.That(answer.Keys, Is.EqualTo(new long[] { 1 }));
    }

    [Test]
    public async Task An_order_that_is_added_behind_the_last_one_shows_on_its_page_while_the_old_total_is_remembered()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(kind, 1, 2, 32, 33, 64, 65, 96);
        await using RunningApi api = await RunningApi.StartAsync(database.ConnectionString, [.. database.Settings, "--Orders:CountMaxAge=3600"]);
        await api.GetAsync("/api/v1/orders/count");
        await database.InsertAsync(97, 98);
        var pages = new List<long[]>();
        for (int page = 1; page <= 6; page++)
        {
            pages.Add((await api.GetAsync($"/api/v1/orders/pages?page={page}&page_size=2&include_count={page % 2}")).Keys);
        }

        Assert.That(pages, Is.EqualTo(new long[][] { [1, 2], [32, 33], [64, 65], [96, 97], [98], [] }));
    }

    [Test]
    public async Task An_empty_table_has_empty_pages_and_no_neighbours()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(kind);
        await using RunningApi api = await RunningApi.StartAsync(database.ConnectionString, database.Settings);
        RunningApi.Answer page = await api.GetAsync("/api/v1/orders/pages");
        RunningApi.Answer slice = await api.GetAsync("/api/v1/orders/stream?cursor=5");
        RunningApi.Answer sample = await api.GetAsync("/api/v1/orders/sample");
        Assert.That(page.Body, Is.EqualTo(
            """{"orders":[],"pagination":{"page":1,"page_size":100,"total_pages":0,"total_count":0,"has_next":false,"has_previous":false,"next_cursor":null,"previous_cursor":null}}"""));
        Assert.That(slice.Body, Is.EqualTo(
            """{"orders":[],"pagination":{"page_size":100,"has_next":false,"has_previous":false,"next_cursor":null,"previous_cursor":null}}"""));
        Assert.That(sample.Body, Is.EqualTo("""{"sample_order_keys":[]}"""));
    }
}
