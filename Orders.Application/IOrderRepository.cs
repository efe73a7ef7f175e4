using Orders.Domain;

namespace Orders.Application;

/// <summary>What the use cases need from storage. Orders are always in ascending order of their keys.</summary>
public interface IOrderRepository
{
    Task<long> CountAsync(CancellationToken cancellationToken);

    /// <summary>Up to <paramref name="size"/> distinct keys drawn at random from the whole table; fewer only when it holds fewer.</summary>
    Task<IReadOnlyList<long>> SampleKeysAsync(int size, CancellationToken cancellationToken);

    /// <summary>The slice of <paramref name="pageSize"/> orders whose keys come after <paramref name="cursor"/>.</summary>
    Task<OrderSlice> SliceAsync(long cursor, int pageSize, CancellationToken cancellationToken);

    /// <summary>The slice that starts at the order with <paramref name="offset"/> orders before it.</summary>
    Task<OrderSlice> SliceAtOffsetAsync(long offset, int pageSize, CancellationToken cancellationToken);

    /// <summary>
    /// The slice that starts at the order with <paramref name="offsetFromEnd"/> orders after it; another order stands before it.
    /// </summary>
    Task<OrderSlice> SliceAtOffsetFromEndAsync(long offsetFromEnd, int pageSize, CancellationToken cancellationToken);

    Task<Order?> FindAsync(long orderKey, CancellationToken cancellationToken);

    /// <summary>Writes the status durably; false when there is no such order.</summary>
    Task<bool> UpdateStatusAsync(long orderKey, OrderStatus status, CancellationToken cancellationToken);
}
