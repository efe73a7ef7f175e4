using Orders.Domain;

namespace Orders.Application.Orders;

/// <summary>What the use cases need from storage. Orders are always in ascending order of their keys.</summary>
public interface IOrderRepository
{
    /// <summary>The number of orders and every thousandth key, of one snapshot.</summary>
    Task<OrderKeys> WalkKeysAsync(CancellationToken cancellationToken);

    /// <summary>Up to <paramref name="size"/> distinct keys drawn at random from the whole table; fewer only when it holds fewer.</summary>
    Task<IReadOnlyList<long>> SampleKeysAsync(int size, CancellationToken cancellationToken);

    /// <summary>
    /// The slice of <paramref name="pageSize"/> orders that comes <paramref name="skip"/> orders after the key
    /// <paramref name="afterKey"/>, which need not exist. More than <see cref="OrderKeys.Distance"/> are not skipped: the slice is empty.
    /// </summary>
    Task<OrderSlice> SliceAsync(long afterKey, long skip, int pageSize, CancellationToken cancellationToken);

    Task<Order?> FindAsync(long orderKey, CancellationToken cancellationToken);

    /// <summary>Writes the status durably; false when there is no such order.</summary>
    /// <param name="orderKey">The order.</param>
    /// <param name="status">Its new status.</param>
    /// <param name="changedBy">Who changes it, where changes are recorded; null when not known.</param>
    /// <param name="cancellationToken">The caller's token.</param>
    Task<bool> UpdateStatusAsync(long orderKey, OrderStatus status, string? changedBy, CancellationToken cancellationToken);
}
