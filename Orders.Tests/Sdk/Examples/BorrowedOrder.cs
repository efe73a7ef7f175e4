using Orders.Client;

namespace Orders.Tests.Sdk.Examples;

/// <summary>An order whose status a test may change: it is given back with the one it had.</summary>
internal sealed class BorrowedOrder(OrdersClient api, Order before) : IAsyncDisposable
{
    public long Key => before.O_orderkey;

    public static async Task<BorrowedOrder> TakeAsync(OrdersClient api, long key) => new(api, await api.GetOrderAsync(key));

    public async ValueTask DisposeAsync() => await api.UpdateOrderStatusAsync(Key, new OrderStatusUpdate
    {
        O_orderstatus = before.O_orderstatus switch
        {
            "O" => OrderStatus.Open,
            "F" => OrderStatus.Fulfilled,
            _ => OrderStatus.PartiallyFulfilled,
        },
    });
}
