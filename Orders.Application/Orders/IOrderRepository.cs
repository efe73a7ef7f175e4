using Orders.Domain;

namespace Orders.Application.Orders;

/// <summary>The stored orders. Lists of orders and keys are in ascending order of the key, except samples.</summary>
public interface IOrderRepository
{
    /// <summary>Reads the number of orders and the places of their keys, in one snapshot.</summary>
    Task<KeyIndex> ReadKeyIndexAsync(CancellationToken cancellationToken);

    /// <summary>Draws <paramref name="size"/> distinct keys at random from the whole table; fewer only when it holds fewer.</summary>
    Task<IReadOnlyList<long>> SampleKeysAsync(int size, CancellationToken cancellationToken);

    /// <summary>Reads a slice.</summary>
    /// <param name="afterKey">The key before the first order to skip or to read. It need not exist.</param>
    /// <param name="skip">How many orders to skip first. Empty is the slice when it is more than <see cref="KeyIndex.BlockSize"/>.</param>
    /// <param name="pageSize">How many orders to read at most.</param>
    /// <param name="cancellationToken">The caller's token.</param>
    Task<OrderSlice> SliceAsync(long afterKey, long skip, int pageSize, CancellationToken cancellationToken);

    /// <returns>Null when there is no such order.</returns>
    Task<Order?> FindAsync(long orderKey, CancellationToken cancellationToken);

    /// <summary>Changes the status of an order durably.</summary>
    /// <param name="orderKey">The order.</param>
    /// <param name="status">Its new status.</param>
    /// <param name="changedBy">The caller to record with the change; null when unknown.</param>
    /// <param name="cancellationToken">The caller's token.</param>
    Task<StatusUpdateResult> UpdateStatusAsync(long orderKey, OrderStatus status, string? changedBy, CancellationToken cancellationToken);
}

/// <summary>The result of a change of status.</summary>
public enum StatusUpdateResult
{
    /// <summary>The order has the status now, durably. It may have had it before.</summary>
    Updated,

    OrderNotFound,
}
