using Orders.Domain;

namespace Orders.Application;

/// <summary>What the use cases need from storage. Orders are always in ascending order of their keys.</summary>
public interface IOrderRepository
{
    /// <summary>The number of orders and the greatest key, 0 for an empty table, of one snapshot.</summary>
    Task<(long Orders, long LastKey)> CountAsync(CancellationToken cancellationToken);

    /// <summary>Up to <paramref name="size"/> distinct keys drawn at random from the whole table; fewer only when it holds fewer.</summary>
    Task<IReadOnlyList<long>> SampleKeysAsync(int size, CancellationToken cancellationToken);

    /// <summary>The slice of <paramref name="pageSize"/> orders whose keys come after <paramref name="cursor"/>.</summary>
    Task<OrderSlice> SliceAsync(long cursor, int pageSize, CancellationToken cancellationToken);

    /// <summary>The slice that starts <paramref name="offset"/> orders after the first one behind <paramref name="afterKey"/>.</summary>
    Task<OrderSlice> SliceForwardAsync(long afterKey, long offset, int pageSize, CancellationToken cancellationToken);

    /// <summary>The slice that starts <paramref name="offset"/> orders before the last one up to <paramref name="lastKey"/>.</summary>
    Task<OrderSlice> SliceBackwardAsync(long lastKey, long offset, int pageSize, CancellationToken cancellationToken);

    Task<Order?> FindAsync(long orderKey, CancellationToken cancellationToken);

    /// <summary>Writes the status durably; false when there is no such order.</summary>
    Task<bool> UpdateStatusAsync(long orderKey, OrderStatus status, CancellationToken cancellationToken);
}
