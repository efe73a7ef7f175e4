using Orders.Domain;

namespace Orders.Application;

/// <summary>The use cases: count, sample, page, stream, find, change status.</summary>
public sealed class OrderService(IOrderRepository orders, OrderCounter counter)
{
    private const int SampleSize = 5;

    /// <param name="acceptedAge">How old the count may be; null for the configured maximum age.</param>
    /// <param name="cancellationToken">The caller's token.</param>
    public Task<OrderCount> CountAsync(TimeSpan? acceptedAge, CancellationToken cancellationToken) =>
        counter.CountAsync(acceptedAge, cancellationToken);

    public Task<IReadOnlyList<long>> SampleKeysAsync(CancellationToken cancellationToken) =>
        orders.SampleKeysAsync(SampleSize, cancellationToken);

    public Task<OrderSlice> StreamAsync(long cursor, int pageSize, CancellationToken cancellationToken) =>
        orders.SliceAsync(cursor, pageSize, cancellationToken);

    /// <summary>A numbered page, walked to from the nearer end of the table when the total is known.</summary>
    public async Task<OrderPage> PageAsync(
        int number, int size, bool includeCount, TimeSpan? acceptedAge, CancellationToken cancellationToken)
    {
        OrderCount? total = includeCount
            ? await counter.CountAsync(acceptedAge, cancellationToken)
            : null;
        long offset = (number - 1L) * size;
        OrderSlice slice = await SliceAtAsync(offset, size, total ?? counter.Remembered(acceptedAge), cancellationToken);
        return new OrderPage { Number = number, Size = size, Slice = slice, Total = total };
    }

    public Task<Order?> FindAsync(long orderKey, CancellationToken cancellationToken) =>
        orders.FindAsync(orderKey, cancellationToken);

    public async Task<StatusChange> ChangeStatusAsync(long orderKey, OrderStatus status, CancellationToken cancellationToken) =>
        await orders.UpdateStatusAsync(orderKey, status, cancellationToken)
            ? StatusChange.Changed
            : StatusChange.OrderNotFound;

    private Task<OrderSlice> SliceAtAsync(long offset, int size, OrderCount? known, CancellationToken cancellationToken)
    {
        if (known is not { } count || offset <= count.Orders / 2)
        {
            return orders.SliceForwardAsync(afterKey: 0, offset, size, cancellationToken);
        }

        // From the last key that was counted, and not from the end: orders that were added behind it since then shift nothing.
        return offset < count.Orders
            ? orders.SliceBackwardAsync(count.LastKey, count.Orders - offset - 1, size, cancellationToken)
            : orders.SliceForwardAsync(count.LastKey, offset - count.Orders, size, cancellationToken);
    }
}
