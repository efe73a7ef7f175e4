using Npgsql;
using Orders.Application.Orders;
using Orders.Domain;

namespace Orders.Infrastructure.Orders;

/// <summary>A slice whose rows are being read.</summary>
internal sealed class SliceReading(IOrderSink orders, int pageSize)
{
    private long _lastKey;
    private bool _hasNext;

    public void Add(NpgsqlDataReader row)
    {
        // One row more than asked for shows that there is a next slice, and is no part of this one.
        if (orders.Count == pageSize)
        {
            _hasNext = true;
            return;
        }

        Order order = OrderRow.Read(row);
        _lastKey = order.OrderKey;
        orders.Add(order);
    }

    public OrderSlice End(long? previousCursor)
    {
        orders.Complete();
        return new OrderSlice { Orders = orders, NextCursor = _hasNext ? _lastKey : null, PreviousCursor = previousCursor };
    }
}
