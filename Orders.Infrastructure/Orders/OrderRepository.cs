using Orders.Application.Orders;
using Orders.Domain;
using Orders.Infrastructure.Coalescing;
using Orders.Infrastructure.Health;

namespace Orders.Infrastructure.Orders;

/// <summary>The statements on orders, a file for each use.</summary>
/// <remarks>
/// Statements name the table without a schema: the search path of the connection says which table or view it is. Single orders, slices
/// and changes that come at the same time share round trips.
/// </remarks>
internal sealed partial class OrderRepository : IOrderRepository
{
    private readonly OrdersTable _table;
    private readonly UnreadableOrders _unreadable;
    private readonly int _countTimeout;
    private readonly RequestCoalescer<long, Order?> _orders;
    private readonly RequestCoalescer<long[], IReadOnlyList<Order>> _lists;
    private readonly RequestCoalescer<SliceKey, OrderSlice> _slices;
    private readonly RequestCoalescer<(long AfterKey, long Skip), long?> _keys;
    private readonly RequestCoalescer<Draw, IReadOnlyCollection<long>> _draws;
    private readonly RequestCoalescer<bool, (long First, long Last)?> _spans;
    private readonly StatusWriter _statuses;
    private readonly VersionedStatusWriter _versioned;
    private readonly BulkStatusWriter _bulk;

    /// <param name="table">The table, on its connections.</param>
    /// <param name="unreadable">Where rows are reported that are no orders.</param>
    /// <param name="recordsChanges">Whether a trigger of the table records changes of status, with who made them.</param>
    /// <param name="countTimeout">The time limit of reading the key index.</param>
    public OrderRepository(OrdersTable table, UnreadableOrders unreadable, bool recordsChanges, TimeSpan countTimeout)
    {
        (_table, _unreadable, _countTimeout) = (table, unreadable, (int)double.Ceiling(countTimeout.TotalSeconds));
        _orders = new("find", table.Connections.Time, maxStatements: 2, maxWeight: 500, static _ => 1, ReadOrdersAsync);

        // As for slices: a statement costs as much as a hundred rows.
        _lists = new(
            "find_many", table.Connections.Time, maxStatements: 4, maxWeight: 4000, static keys => 100 + keys.Length, ReadListsAsync);

        // By rows; to find the place and both cursors costs as much as a hundred rows.
        _slices = new(
            "slice", table.Connections.Time, maxStatements: 4, maxWeight: 4000, static slice => 100 + slice.PageSize, ReadSlicesAsync);
        _keys = new("key_at", table.Connections.Time, maxStatements: 2, maxWeight: 50, static _ => 1, ReadKeysAsync);
        _draws = new("draw", table.Connections.Time, maxStatements: 1, maxWeight: 50, static draw => draw.Places.Count, ReadDrawsAsync);
        _spans = new("key_span", table.Connections.Time, maxStatements: 1, maxWeight: 1, static _ => 1, ReadSpanAsync);
        _statuses = new StatusWriter(table, recordsChanges);
        var transaction = new StatusTransaction(table, recordsChanges);
        _versioned = new VersionedStatusWriter(table, transaction, _statuses);
        _bulk = new BulkStatusWriter(table, transaction, _statuses, _versioned);
    }

    public Task<StatusUpdateResult> UpdateStatusAsync(
        long orderKey, OrderStatus status, string? changedBy, CancellationToken cancellationToken) =>
        _statuses.UpdateAsync(orderKey, status, changedBy, cancellationToken);

    public Task<StatusChangeResult> ChangeStatusAsync(StatusChange change, string? changedBy, CancellationToken cancellationToken) =>
        _versioned.ChangeAsync(change, changedBy, cancellationToken);

    public Task ChangeStatusesAsync(
        IReadOnlyList<StatusChange> changes, bool allOrNone, string? changedBy, Action<int, StatusChangeResult> setResult,
        CancellationToken cancellationToken) =>
        _bulk.ChangeAsync(changes, allOrNone, changedBy, setResult, cancellationToken);
}
