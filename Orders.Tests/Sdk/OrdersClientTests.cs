using Orders.Api.Security;
using Orders.Client;
using Orders.Tests.Security.Support;
using Orders.Tests.Support;

namespace Orders.Tests.Sdk;

/// <summary>The client that NSwag generates from the committed document, on a running service.</summary>
internal sealed class OrdersClientTests
{
    private const long Last = long.MaxValue;
    private const long PastDoubles = (1L << 53) + 1;

    private static readonly long[] Keys = [.. Enumerable.Range(1, 40).Select(i => (long)i * i), PastDoubles, Last];

    private TestDatabase _database = null!;
    private RunningApi _api = null!;
    private OrdersClient _client = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _database = await TestDatabase.CreateAsync(Keys);
        _api = await RunningApi.StartAsync(_database.ConnectionString);
        _client = new OrdersClient(_api.Client);
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        await _api.DisposeAsync();
        await _database.DisposeAsync();
    }

    [TestCase(1)]
    [TestCase(5)]
    [TestCase(42)]
    [TestCase(1000)]
    public async Task Walking_forward_then_back_visits_every_order_once_each_way(int pageSize)
    {
        var forward = new List<long>();
        OrderStream slice;
        long? previous = null;
        for (long? cursor = 0; cursor is not null; cursor = slice.Pagination.Next_cursor)
        {
            slice = await _client.StreamOrdersAsync(cursor, pageSize);
            forward.AddRange(slice.Orders.Select(order => order.O_orderkey));
            previous = slice.Pagination.Previous_cursor;
        }

        long[] back = [.. forward.Skip((Keys.Length - 1) / pageSize * pageSize)];
        for (long? cursor = previous; cursor is not null; cursor = slice.Pagination.Previous_cursor)
        {
            slice = await _client.StreamOrdersAsync(cursor, pageSize);
            back = [.. slice.Orders.Select(order => order.O_orderkey), .. back];
        }

        Assert.That(forward, Is.EqualTo(Keys));
        Assert.That(back, Is.EqualTo(Keys));
    }

    [TestCase(PastDoubles)]
    [TestCase(Last)]
    public async Task A_64_bit_key_survives_in_every_place(long key)
    {
        Assert.That((await _client.GetOrderAsync(key)).O_orderkey, Is.EqualTo(key));
        OrderStream slice = await _client.StreamOrdersAsync(key - 1, 1);
        Assert.That(slice.Orders.Single().O_orderkey, Is.EqualTo(key));
        Assert.That(slice.Pagination.Next_cursor, Is.EqualTo(key == Last ? null : (long?)key));
        OrderStatusUpdateResult change = await _client.UpdateOrderStatusAsync(key, new OrderStatusUpdate { O_orderstatus = OrderStatus.Open });
        Assert.That(change.O_orderkey, Is.EqualTo(key));
    }

    [TestCase("0.01")]
    [TestCase("164529.10")]
    [TestCase("9999999999999999.99")]
    public async Task A_price_survives_to_the_cent(string price)
    {
        decimal exact = decimal.Parse(price, System.Globalization.CultureInfo.InvariantCulture);
        await _database.ExecuteAsync("update orders_synced set o_totalprice = @exact where o_orderkey = 4", new { exact });
        Assert.That((await _client.GetOrderAsync(4)).O_totalprice, Is.EqualTo(exact));
    }

    [TestCase(OrderStatus.Open, "O")]
    [TestCase(OrderStatus.Fulfilled, "F")]
    [TestCase(OrderStatus.PartiallyFulfilled, "P")]
    public async Task A_status_is_changed_by_name(OrderStatus status, string code)
    {
        OrderStatusUpdateResult change = await _client.UpdateOrderStatusAsync(9, new OrderStatusUpdate { O_orderstatus = status });
        Assert.That((change.O_orderkey, change.O_orderstatus), Is.EqualTo((9L, code)));
        Assert.That((await _client.GetOrderAsync(9)).O_orderstatus, Is.EqualTo(code));
    }

    [Test]
    public async Task An_order_is_a_record_with_the_types_of_the_contract()
    {
        Order order = await _client.GetOrderAsync(1);
        Assert.That(order, Is.EqualTo(new Order
        {
            O_orderkey = 1L,
            O_custkey = 1L,
            O_orderstatus = "O",
            O_totalprice = 1.50m,
            O_orderdate = new DateOnly(1996, 1, 3),
            O_orderpriority = "5-LOW",
            O_clerk = "Clerk#000000001",
            O_shippriority = 0,
            O_comment = " no. 1",
        }));
    }

    [Test]
    public async Task A_page_has_totals_and_the_cursors_of_its_neighbours()
    {
        OrderPage page = await _client.ListOrdersByPageAsync(page: 2, page_size: 20);
        Assert.That(page.Pagination, Is.EqualTo(new PagePagination
        {
            Page = 2,
            Page_size = 20,
            Total_pages = 3,
            Total_count = 42,
            Has_next = true,
            Has_previous = true,
            Next_cursor = 1600,
            Previous_cursor = 0,
        }));
        Assert.That((await _client.ListOrdersByPageAsync(include_count: false)).Pagination, Has.Property("Total_count").EqualTo(-1).And.Property("Next_cursor").Null);
    }

    [Test]
    public async Task Several_orders_are_read_and_changed_by_one_call_each()
    {
        OrderStatusUpdateResults changes = await _client.UpdateOrderStatusesAsync(new OrderStatusUpdates
        {
            Changes =
            [
                new OrderStatusChange { O_orderkey = 16, O_orderstatus = OrderStatus.Fulfilled },
                new OrderStatusChange { O_orderkey = 17, O_orderstatus = OrderStatus.Fulfilled },
                new OrderStatusChange { O_orderkey = 25, O_orderstatus = OrderStatus.Fulfilled, Version = "AAAAAAAAAAAAAAAA" },
            ],
        });
        Assert.That(
            changes.Results.Select(result => (result.O_orderkey, result.Code)),
            Is.EqualTo(new[]
            {
                (16L, OrderStatusChangeCode.Changed), (17L, OrderStatusChangeCode.OrderNotFound), (25L, OrderStatusChangeCode.PreconditionFailed),
            }));

        OrderList list = await _client.GetOrdersAsync([25, 17, 16]);
        Assert.That(list.Orders.Select(order => (order.O_orderkey, order.O_orderstatus)), Is.EqualTo(new[] { (16L, "F"), (25L, "O") }));
        Assert.That(list.Missing_order_keys, Is.EqualTo(new[] { 17L }));
    }

    [Test]
    public async Task A_change_of_a_version_that_is_gone_is_a_typed_error_with_the_one_that_is()
    {
        string tag = (await _api.GetAsync("/api/v1/orders/36")).Headers["ETag"];
        var change = new OrderStatusUpdate { O_orderstatus = OrderStatus.PartiallyFulfilled };
        Assert.That((await _client.UpdateOrderStatusAsync(36, change, if_Match: tag)).O_orderstatus, Is.EqualTo("P"));

        OrdersApiException<Problem> gone = Assert.ThrowsAsync<OrdersApiException<Problem>>(
            () => _client.UpdateOrderStatusAsync(36, change, if_Match: tag))!;
        string now = gone.Headers["ETag"].Single();
        Assert.That((gone.StatusCode, gone.Result.Code), Is.EqualTo((412, ErrorCode.PreconditionFailed)));
        Assert.That((await _client.UpdateOrderStatusAsync(36, change, if_Match: now)).O_orderstatus, Is.EqualTo("P"));
    }

    [Test]
    public async Task Every_other_operation_answers()
    {
        Assert.That((await _client.CountOrdersAsync()).Total_orders, Is.EqualTo(42));
        Assert.That((await _client.SampleOrderKeysAsync()).Sample_order_keys, Has.Count.EqualTo(5).And.SubsetOf(Keys));
        Assert.That((await _client.GetServiceAsync()).Docs, Is.EqualTo("/docs"));
        Assert.That((await _client.GetHealthcheckAsync()).Timestamp, Is.EqualTo(DateTimeOffset.UtcNow).Within(1).Hours);
        Assert.That((await _client.GetLivenessAsync()).Status, Is.EqualTo("live"));
        Assert.That((await _client.GetReadinessAsync()).Status, Is.EqualTo("ready"));
    }

    [TestCase("X-API-Key")]
    [TestCase("Authorization")]
    public async Task Credentials_open_what_is_closed(string header)
    {
        string key = ApiKey.Generate();
        await using IdentityProvider provider = await IdentityProvider.StartAsync();
        await using RunningApi api = await RunningApi.StartAsync(
            _database.ConnectionString,
            [
                .. provider.Settings, "--Orders:AnonymousAccess=None", "--Authentication:ApiKeys:suite:Scopes=orders.read",
                $"--Authentication:ApiKeys:suite:Sha256={Convert.ToHexString(ApiKey.Digest(key))}",
            ]);
        var client = new OrdersClient(api.Client);
        OrdersApiException<Problem> closed = Assert.ThrowsAsync<OrdersApiException<Problem>>(() => client.GetOrderAsync(1))!;
        Assert.That((closed.StatusCode, closed.Result.Code), Is.EqualTo((401, ErrorCode.Unauthenticated)));

        api.Client.DefaultRequestHeaders.Add(header, header == "X-API-Key" ? key : $"Bearer {await provider.GetTokenAsync("orders.read")}");
        Assert.That((await client.GetOrderAsync(1)).O_orderkey, Is.EqualTo(1));
        OrdersApiException<Problem> forbidden = Assert.ThrowsAsync<OrdersApiException<Problem>>(
            () => client.UpdateOrderStatusAsync(1, new OrderStatusUpdate { O_orderstatus = OrderStatus.Fulfilled }))!;
        Assert.That((forbidden.StatusCode, forbidden.Result.Code), Is.EqualTo((403, ErrorCode.Forbidden)));
    }
}
