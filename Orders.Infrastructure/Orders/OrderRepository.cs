using Orders.Application.Orders;
using Orders.Domain;
using Orders.Infrastructure.Coalescing;
using Orders.Infrastructure.Postgres;

namespace Orders.Infrastructure.Orders;

/// <summary>The statements on orders, a file for each use.</summary>
/// <remarks>
/// Statements name the table without a schema: the search path of the connection says which table or view it is. Single orders, slices
/// and changes that come at the same time share statements.
/// </remarks>
internal sealed partial class OrderRepository : IOrderRepository
{
    private readonly DatabaseConnections _database;
    private readonly RequestCoalescer<long, Order?> _orders;
    private readonly RequestCoalescer<SliceKey, OrderSlice> _slices;
    private readonly StatusWriter _statuses;
    private readonly string _sliceSql;

    /// <param name="database">The connections.</param>
    /// <param name="recordsChanges">Whether a trigger of the table records changes of status, with who made them.</param>
    /// <param name="maxPageSize">The largest slice that is asked for.</param>
    public OrderRepository(DatabaseConnections database, bool recordsChanges, int maxPageSize = PageSize.Maximum)
    {
        _database = database;
        _sliceSql = SliceSql(int.Max(maxPageSize, KeyIndex.BlockSize) + 1);
        _orders = new(database.Time, maxStatements: 2, maxWeight: 500, static _ => 1, ReadOrdersAsync);

        // By rows; to find the place and both cursors costs as much as a hundred rows.
        _slices = new(database.Time, maxStatements: 4, maxWeight: 4000, static slice => 100 + slice.PageSize, ReadSlicesAsync);
        _statuses = new StatusWriter(database, recordsChanges);
    }

    public Task<StatusUpdateResult> UpdateStatusAsync(
        long orderKey, OrderStatus status, string? changedBy, CancellationToken cancellationToken) =>
        _statuses.UpdateAsync(orderKey, status, changedBy, cancellationToken);
}
