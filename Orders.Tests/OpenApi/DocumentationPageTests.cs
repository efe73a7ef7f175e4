using System.Text.Json;
using Orders.Api.Http;
using Orders.Application.Seeding;
using Orders.Infrastructure.Tpch;
using Orders.Tests.Support;

namespace Orders.Tests.OpenApi;

/// <summary>In a real browser, on the sample data.</summary>
internal sealed class DocumentationPageTests
{
    private TestDatabase? _database;
    private RunningApi? _api;
    private Chromium? _browser;
    private DocumentationPage _page = null!;

    private string Address => _api!.Client.BaseAddress!.ToString();

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _browser = await Chromium.StartAsync();
        _database = await TestDatabase.CreateAsync();
        var sample = new SeedRequest { ScaleFactor = ScaleFactor.Parse("0.01") };
        await new OrderSeeder(_database.Connections).LoadAsync(sample, new Progress<SeedProgress>(), CancellationToken.None);
        _api = await RunningApi.StartAsync(_database.ConnectionString);
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        foreach (IAsyncDisposable? started in new IAsyncDisposable?[] { _api, _database, _browser })
        {
            await (started?.DisposeAsync() ?? ValueTask.CompletedTask);
        }
    }

    [SetUp]
    public async Task OpenAsync() => _page = await DocumentationPage.OpenAsync(_browser!);

    [TearDown]
    public async Task CloseAsync() => await _page.DisposeAsync();

    [Test]
    public async Task Each_operation_can_be_tried_as_it_stands_and_shows_its_answer()
    {
        JsonElement document = (await _api!.GetAsync("/openapi.json")).Json;
        await _page.GoToAsync(Address);
        await _page.TakePictureAsync("docs");
        var answers = new Dictionary<string, JsonElement>();
        foreach ((string id, JsonElement operation) in Operations(document))
        {
            await _page.ToggleAsync(id);
            DocumentationPage.Try tried = await _page.ExecuteAsync(id);
            Assert.That(tried.ShownStatus, Is.EqualTo("200"), id);
            Assert.That(Compact(tried.ShownBody), Is.EqualTo(tried.Body), id);
            Assert.That(Names(tried.Json), Is.EqualTo(Names(Example(operation))), id);
            answers.Add(id, tried.Json);
            if (id == "updateOrderStatus")
            {
                await _page.TakePictureAsync("docs-status-changed", id);
            }

            await _page.ToggleAsync(id);
        }

        await _page.ToggleAsync("getOrder");
        DocumentationPage.Try readAgain = await _page.ExecuteAsync("getOrder");
        Assert.That(Status(answers["getOrder"]), Is.EqualTo("O"));
        Assert.That(Status(answers["updateOrderStatus"]), Is.EqualTo("F"));
        Assert.That(Status(JsonDocument.Parse(readAgain.ShownBody).RootElement), Is.EqualTo("F"));
        AssertQuiet();
    }

    [Test]
    public async Task The_root_leads_to_the_page_which_opens_with_what_is_best_for_what()
    {
        JsonElement document = (await _api!.GetAsync("/openapi.json")).Json;
        await _page.GoToAsync(Address);
        Assert.That(_page.Address, Is.EqualTo($"{Address}docs/index.html"));
        Assert.That(await _page.TitleAsync(), Is.EqualTo("Orders API"));
        Assert.That(
            await _page.EndpointsOfTableAsync(),
            Is.EquivalentTo(document.GetProperty("paths").EnumerateObject().Select(path => path.Name).Where(path => path.Contains("/orders"))));
        AssertQuiet();
    }

    [Test]
    public async Task Errors_are_listed_once_and_an_operation_names_its_codes_with_links_to_them()
    {
        await _page.GoToAsync($"{Address}docs/index.html#/orders/updateOrderStatus");
        Assert.That(await _page.CodesOfTableAsync(), Is.EqualTo(ErrorKinds.All.Select(kind => kind.Code)));
        IReadOnlyList<string> links = await _page.LinksAsync("updateOrderStatus");
        Assert.That(links, Does.Contain($"{Address}problems/order_not_found").And.Contain($"{Address}problems/validation_failed").And.Contain($"{Address}problems/database_unavailable"));
        Assert.That(links, Has.None.EndsWith("/count_not_ready"));
        Assert.That(await _page.AnswersAsync("updateOrderStatus"), Is.EqualTo(["200"]));
        AssertQuiet();
    }

    [Test]
    public async Task A_key_past_2_to_the_53_and_cents_that_end_in_zero_are_shown_as_they_are()
    {
        const long key = (1L << 53) + 1;
        await _database!.InsertAsync(key);
        await _page.GoToAsync($"{Address}docs/index.html#/orders/getOrder");
        await _page.FillInAsync("getOrder", "order_key", $"{key}");
        DocumentationPage.Try tried = await _page.ExecuteAsync("getOrder");
        Assert.That(tried.ShownBody, Does.Contain($"\"o_orderkey\": {key},").And.Match("\"o_totalprice\": [0-9]+\\.50,"));
        AssertQuiet();
    }

    [Test]
    public async Task Behind_a_proxy_that_serves_it_under_a_path_the_page_calls_the_service_there()
    {
        string shop = $"{Address}shop/";
        await _page.ForwardAsync(shop, Address);
        await _page.GoToAsync($"{shop}docs/index.html");
        await _page.ToggleAsync("streamOrders");
        DocumentationPage.Try tried = await _page.ExecuteAsync("streamOrders");
        Assert.That((tried.ShownStatus, tried.Address), Is.EqualTo(("200", $"{shop}api/v1/orders/stream?cursor=32&page_size=3")));
        Assert.That(_page.Requests, Is.All.StartsWith(shop));
        AssertQuiet();
    }

    /// <summary>Nothing is asked of another host, and the browser has nothing to complain of.</summary>
    private void AssertQuiet()
    {
        Assert.That(_page.Requests, Is.Not.Empty.And.All.StartsWith(Address));
        Assert.That(_page.Errors, Is.Empty);
    }

    private static IEnumerable<(string Id, JsonElement Operation)> Operations(JsonElement document) =>
        from path in document.GetProperty("paths").EnumerateObject()
        from operation in path.Value.EnumerateObject()
        where operation.Name != "head"
        select (operation.Value.GetProperty("operationId").GetString()!, operation.Value);

    private static JsonElement Example(JsonElement operation) =>
        operation.GetProperty("responses").GetProperty("200").GetProperty("content").GetProperty("application/json").GetProperty("examples")
            .GetProperty("success").GetProperty("value");

    private static IEnumerable<string> Names(JsonElement answer) => answer.EnumerateObject().Select(member => member.Name);

    private static string? Status(JsonElement order) => order.GetProperty("o_orderstatus").GetString();

    /// <summary>Without the blanks between its parts; numbers stay as they are written.</summary>
    private static string Compact(string json) => JsonSerializer.Serialize(JsonDocument.Parse(json).RootElement);
}
