using Orders.Client;
using Orders.Tests.Support;

namespace Orders.Tests.Sdk;

/// <summary>Errors as the generated client throws them: each with its problem document.</summary>
internal sealed class OrdersClientErrorTests
{
    private TestDatabase _database = null!;
    private RunningApi _api = null!;
    private OrdersClient _client = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _database = await TestDatabase.CreateAsync(1, 2, 3);
        _api = await RunningApi.StartAsync(_database.ConnectionString);
        _client = new OrdersClient(_api.Client);
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        await _api.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Test]
    public void An_order_that_does_not_exist_is_a_problem_with_a_code()
    {
        Problem problem = Refusal(404, () => _client.GetOrderAsync(42));
        Assert.That((problem.Status, problem.Code, problem.Detail), Is.EqualTo((404, ErrorCode.OrderNotFound, "Order with key '42' not found")));
        Assert.That(problem.Errors, Is.Null);
        Assert.That(problem.Trace_id, Has.Length.EqualTo(32));
        Assert.That(Refusal(404, () => _client.UpdateOrderStatusAsync(42, new OrderStatusUpdate { O_orderstatus = OrderStatus.Open })).Code, Is.EqualTo(ErrorCode.OrderNotFound));
    }

    [Test]
    public void A_key_that_is_not_positive_is_refused() =>
        Assert.That(Refusal(400, () => _client.GetOrderAsync(0)).Code, Is.EqualTo(ErrorCode.InvalidOrderKey));

    [Test]
    public void A_parameter_out_of_range_is_told_by_its_wire_name()
    {
        Problem problem = Refusal(422, () => _client.ListOrdersByPageAsync(page: 0, page_size: 1001));
        Assert.That(problem.Code, Is.EqualTo(ErrorCode.ValidationFailed));
        Assert.That(problem.Errors!.Keys, Is.EquivalentTo(new[] { "page", "page_size" }));
        Assert.That(problem.Errors!["page_size"], Is.EqualTo(new[] { "has to be from 1 to 1000" }));
    }

    [Test]
    public void A_status_that_may_not_be_written_is_told_by_its_wire_name()
    {
        Problem problem = Refusal(422, () => _client.UpdateOrderStatusAsync(1, new OrderStatusUpdate { O_orderstatus = (OrderStatus)9 }));
        Assert.That(problem.Errors!.Keys, Is.EqualTo(new[] { "o_orderstatus" }));
    }

    [Test]
    public async Task A_database_that_is_away_says_when_to_come_back()
    {
        await using RunningApi api = await RunningApi.StartAsync("Host=127.0.0.1;Port=1;Username=nobody;Database=nowhere");
        var client = new OrdersClient(api.Client);
        foreach (Func<Task> call in new Func<Task>[] { () => client.CountOrdersAsync(), () => client.GetReadinessAsync() })
        {
            OrdersApiException<Problem> exception = Assert.ThrowsAsync<OrdersApiException<Problem>>(() => call())!;
            Assert.That((exception.StatusCode, exception.Result.Code), Is.EqualTo((503, ErrorCode.DatabaseUnavailable)));
            Assert.That(int.Parse(exception.Headers["Retry-After"].Single(), System.Globalization.CultureInfo.InvariantCulture), Is.Positive);
        }
    }

    /// <summary>As <c>docs/compatibility.md</c> tells its readers.</summary>
    [Test]
    public void A_code_of_a_later_version_is_an_error_with_its_status()
    {
        using var later = new LaterVersion();
        using var http = new HttpClient(later) { BaseAddress = new Uri("http://orders.example") };
        OrdersApiException exception = Assert.CatchAsync<OrdersApiException>(() => new OrdersClient(http).GetOrderAsync(1))!;
        Assert.That((exception.StatusCode, exception is OrdersApiException<Problem>), Is.EqualTo((404, false)));
    }

    private static Problem Refusal(int status, Func<Task> call)
    {
        OrdersApiException<Problem> exception = Assert.ThrowsAsync<OrdersApiException<Problem>>(() => call())!;
        Assert.That(exception.StatusCode, Is.EqualTo(status));
        return exception.Result;
    }

    private sealed class LaterVersion : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(new HttpResponseMessage(System.Net.HttpStatusCode.NotFound)
            {
                Content = new StringContent(
                    """{"type":"/problems/of_tomorrow","title":"Not Found","status":404,"detail":"Of tomorrow","code":"of_tomorrow","trace_id":"0"}""",
                    System.Text.Encoding.UTF8, "application/problem+json"),
            });
    }
}
