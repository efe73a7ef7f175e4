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
            ? await counter.CountAsync(acceptedAge, cancellationToken).ConfigureAwait(false)
            : null;
        long offset = (number - 1L) * size;
        OrderSlice slice = await SliceAtAsync(offset, size, total ?? counter.Latest, cancellationToken).ConfigureAwait(false);
        return new OrderPage { Number = number, Size = size, Slice = slice, Total = total };
    }

    public Task<Order?> FindAsync(long orderKey, CancellationToken cancellationToken) =>
        orders.FindAsync(orderKey, cancellationToken);

    public async Task<StatusChange> ChangeStatusAsync(long orderKey, OrderStatus status, CancellationToken cancellationToken) =>
        await orders.UpdateStatusAsync(orderKey, status, cancellationToken).ConfigureAwait(false)
            ? StatusChange.Changed
            : StatusChange.OrderNotFound;

    private Task<OrderSlice> SliceAtAsync(long offset, int size, OrderCount? known, CancellationToken cancellationToken)
    {
        if (known is not { Orders: var total } || offset <= total / 2)
        {
            return orders.SliceAtOffsetAsync(offset, size, cancellationToken);
        }

        return offset >= total
            ? Task.FromResult(OrderSlice.Empty)
            : orders.SliceAtOffsetFromEndAsync(total - offset - 1, size, cancellationToken);
    }
}
