using Orders.Domain;

namespace Orders.Application.Orders;

/// <summary>The stored orders. Lists of orders and keys are in ascending order of the key.</summary>
public interface IOrderRepository
{
    /// <summary>Reads the number of orders and the places of their keys. It takes as long as counting all orders does.</summary>
    /// <param name="last">The last one, whose blocks show how to divide the keys; null when there is none.</param>
    /// <param name="cancellationToken">The caller's token.</param>
    Task<KeyIndex> ReadKeyIndexAsync(KeyIndex? last, CancellationToken cancellationToken);

    /// <summary>Reads a slice.</summary>
    /// <param name="afterKey">The key before the first order to skip or to read. It need not exist.</param>
    /// <param name="skip">
    /// How many orders to skip first. Up to <see cref="KeyIndex.MaxBlockSize"/> are skipped quickly, more take their time.
    /// </param>
    /// <param name="pageSize">How many orders to read at most.</param>
    /// <param name="cancellationToken">The caller's token.</param>
    Task<OrderSlice> SliceAsync(long afterKey, long skip, int pageSize, CancellationToken cancellationToken);

    /// <summary>Finds the key that comes <paramref name="skip"/> orders after the first one behind a key.</summary>
    /// <param name="afterKey">The key before the first order to skip. It need not exist.</param>
    /// <param name="skip">How many orders to skip, at most <see cref="KeyIndex.MaxBlockSize"/>.</param>
    /// <param name="cancellationToken">The caller's token.</param>
    /// <returns>Null when there is no such order.</returns>
    Task<long?> KeyAtAsync(long afterKey, long skip, CancellationToken cancellationToken);

    /// <summary>
    /// Finds the keys at places that were drawn at random. Where many draw at the same time, some are given the keys of another's draw,
    /// so that the database's work does not grow with them.
    /// </summary>
    /// <param name="places">The places, each as for <see cref="KeyAtAsync"/>.</param>
    /// <param name="cancellationToken">The caller's token.</param>
    /// <returns>Distinct keys; fewer than places when some have no order, or the same one.</returns>
    Task<IReadOnlyCollection<long>> DrawKeysAsync(
        IReadOnlyList<(long AfterKey, long Skip)> places, CancellationToken cancellationToken);

    /// <returns>The smallest and the largest key; null when there are no orders.</returns>
    Task<(long First, long Last)?> KeySpanAsync(CancellationToken cancellationToken);

    /// <returns>Null when there is no such order.</returns>
    Task<Order?> FindAsync(long orderKey, CancellationToken cancellationToken);

    /// <returns>Those of the orders that there are.</returns>
    /// <param name="orderKeys">Distinct keys.</param>
    /// <param name="cancellationToken">The caller's token.</param>
    Task<IReadOnlyList<Order>> FindAsync(IReadOnlyList<long> orderKeys, CancellationToken cancellationToken);

    /// <summary>Changes the status of an order durably.</summary>
    /// <param name="orderKey">The order.</param>
    /// <param name="status">Its new status.</param>
    /// <param name="changedBy">The caller to record with the change; null when unknown.</param>
    /// <param name="cancellationToken">The caller's token.</param>
    Task<StatusUpdateResult> UpdateStatusAsync(long orderKey, OrderStatus status, string? changedBy, CancellationToken cancellationToken);

    /// <summary>Changes the status of an order durably, if it is a version that the change names: one transaction decides and changes.</summary>
    /// <param name="change">The change.</param>
    /// <param name="changedBy">The caller to record with the change; null when unknown.</param>
    /// <param name="cancellationToken">The caller's token.</param>
    Task<StatusChangeResult> ChangeStatusAsync(StatusChange change, string? changedBy, CancellationToken cancellationToken);

    /// <summary>Changes the statuses of several orders durably.</summary>
    /// <param name="changes">The changes, each of another order.</param>
    /// <param name="allOrNone">Make no change unless all can be made.</param>
    /// <param name="changedBy">The caller to record with the changes; null when unknown.</param>
    /// <param name="setResult">Takes each result, by the change's index, as soon as it is certain.</param>
    /// <param name="cancellationToken">The caller's token.</param>
    Task ChangeStatusesAsync(
        IReadOnlyList<StatusChange> changes, bool allOrNone, string? changedBy, Action<int, StatusChangeResult> setResult,
        CancellationToken cancellationToken);
}

/// <summary>The result of a change of status.</summary>
public enum StatusUpdateResult
{
    /// <summary>The order has the status now, durably. It may have had it before.</summary>
    Updated,

    OrderNotFound,
}
