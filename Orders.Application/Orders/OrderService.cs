using Orders.Domain;

namespace Orders.Application.Orders;

/// <summary>The use cases: count, sample, page, stream, find, change status.</summary>
public sealed class OrderService(IOrderRepository orders, CountCache counts)
{
    public const int SampleSize = 5;

    /// <param name="acceptedAge">How old the count may be; null for the configured maximum age.</param>
    /// <param name="cancellationToken">The caller's token.</param>
    public Task<OrderCount> CountAsync(TimeSpan? acceptedAge, CancellationToken cancellationToken) =>
        counts.CountAsync(acceptedAge, cancellationToken);

    public Task<IReadOnlyList<long>> SampleKeysAsync(CancellationToken cancellationToken) =>
        orders.SampleKeysAsync(SampleSize, cancellationToken);

    public Task<OrderSlice> StreamAsync(long cursor, int pageSize, CancellationToken cancellationToken) =>
        orders.SliceAsync(cursor, skip: 0, pageSize, cancellationToken);

    /// <summary>A numbered page: a seek to the block it starts in and a few steps from there, at any depth.</summary>
    public async Task<OrderPage> PageAsync(
        int number, int size, bool includeCount, TimeSpan? acceptedAge, CancellationToken cancellationToken)
    {
        long offset = (number - 1L) * size;
        OrderCount? count = includeCount || offset > KeyIndex.BlockSize
            ? await counts.CountAsync(acceptedAge, cancellationToken)
            : null;
        (long afterKey, long skip) = count?.Index.Locate(offset) ?? (0, offset);
        OrderSlice slice = await orders.SliceAsync(afterKey, skip, size, cancellationToken);
        return new OrderPage
        {
            Number = number,
            Size = size,

            // Past the end there is nothing to go back from: only a page with orders has a cursor.
            Slice = slice.Orders.Count > 0 ? slice : slice with { PreviousCursor = null },
            Total = includeCount ? count : null,
        };
    }

    public Task<Order?> FindAsync(long orderKey, CancellationToken cancellationToken) =>
        orders.FindAsync(orderKey, cancellationToken);

    public Task<StatusUpdateResult> ChangeStatusAsync(
        long orderKey, OrderStatus status, string? changedBy, CancellationToken cancellationToken) =>
        orders.UpdateStatusAsync(orderKey, status, changedBy, cancellationToken);
}
