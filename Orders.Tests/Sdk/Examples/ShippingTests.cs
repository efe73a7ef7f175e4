using Orders.Client;

namespace Orders.Tests.Sdk.Examples;

/// <summary>What another team's suite might look like.</summary>
internal sealed class ShippingTests
{
    [TearDown]
    public async Task RestoreStatusesAsync() => await SavedStatuses.RestoreAsync(OrdersSuite.Database);

    [Test]
    public async Task The_orders_are_those_of_scale_factor_0_01()
    {
        List<Order> orders = await AllOrdersAsync();
        Assert.That(orders, Has.Count.EqualTo(15_000));
        Assert.That(orders.Sum(order => order.O_totalprice), Is.EqualTo(2_127_396_830.02m));
        Assert.That(orders.CountBy(order => order.O_orderstatus), Is.EquivalentTo(new Dictionary<string, int> { ["O"] = 7333, ["F"] = 7304, ["P"] = 363 }));
        Assert.That(orders[0], Is.EqualTo(new Order
        {
            O_orderkey = 1,
            O_custkey = 370,
            O_orderstatus = "O",
            O_totalprice = 172799.49m,
            O_orderdate = new DateOnly(1996, 1, 2),
            O_orderpriority = "5-LOW",
            O_clerk = "Clerk#000000951",
            O_shippriority = 0,
            O_comment = "nstructions sleep furiously among ",
        }));
        Assert.That(orders[^1].O_orderkey, Is.EqualTo(60_000));
    }

    [Test]
    public async Task A_shipped_order_is_fulfilled()
    {
        await using BorrowedOrder order = await BorrowedOrder.TakeAsync(OrdersSuite.Api, 32);
        await OrdersSuite.Api.UpdateOrderStatusAsync(order.Key, new OrderStatusUpdate { O_orderstatus = OrderStatus.Fulfilled });
        Assert.That((await OrdersSuite.Api.GetOrderAsync(order.Key)).O_orderstatus, Is.EqualTo("F"));
    }

    [Test]
    public async Task A_batch_of_orders_is_fulfilled()
    {
        OrderStream open = await OrdersSuite.Api.StreamOrdersAsync(page_size: 20);
        foreach (Order order in open.Orders)
        {
            await OrdersSuite.Api.UpdateOrderStatusAsync(order.O_orderkey, new OrderStatusUpdate { O_orderstatus = OrderStatus.Fulfilled });
        }

        OrderStream shipped = await OrdersSuite.Api.StreamOrdersAsync(page_size: 20);
        Assert.That(shipped.Orders.Select(order => order.O_orderstatus), Is.All.EqualTo("F"));
    }

    [Test]
    public void An_order_that_is_not_there_is_an_error_with_a_code()
    {
        // TPC-H uses eight keys of every 32: 1 to 7, 32 to 39, 64 to 71, …
        var error = Assert.ThrowsAsync<OrdersApiException<Problem>>(() => OrdersSuite.Api.GetOrderAsync(8))!;
        Assert.That((error.StatusCode, error.Result.Code), Is.EqualTo((404, ErrorCode.OrderNotFound)));
    }

    private static async Task<List<Order>> AllOrdersAsync()
    {
        var orders = new List<Order>();
        for (long? cursor = 0; cursor is not null;)
        {
            OrderStream slice = await OrdersSuite.Api.StreamOrdersAsync(cursor, page_size: 1000);
            orders.AddRange(slice.Orders);
            cursor = slice.Pagination.Next_cursor;
        }

        return orders;
    }
}
