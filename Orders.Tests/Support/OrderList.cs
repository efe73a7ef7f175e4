using Orders.Application.Orders;
using Orders.Domain;

namespace Orders.Tests.Support;

/// <summary>Keeps a slice's orders as they are.</summary>
internal sealed class OrderList : List<Order>, IOrderSink
{
    /// <summary>A slice of no orders.</summary>
    public static OrderSlice EmptySlice => new() { Orders = new OrderList(), NextCursor = null, PreviousCursor = null };

    public void Complete()
    {
    }
}
