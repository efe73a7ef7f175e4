using Npgsql;
using Orders.Domain;
using Orders.Infrastructure.Postgres;

namespace Orders.Infrastructure.Orders;

/// <content>Single orders.</content>
internal sealed partial class OrderRepository
{
    public Task<Order?> FindAsync(long orderKey, CancellationToken cancellationToken) => _orders.RunAsync(orderKey, cancellationToken);

    private async Task ReadOrdersAsync(IReadOnlyList<long> keys, Action<int, Order?> setResult, CancellationToken cancellationToken)
    {
        // A statement for a single key keeps its plan. For an array of one, PostgreSQL would make a plan each time.
        const string one = $"select {OrderRow.Columns} from orders_synced where o_orderkey = $1";
        const string several = $"select {OrderRow.Columns} from orders_synced where o_orderkey = any($1)";
        Dictionary<long, Order> found;
        try
        {
            found = await _table.ReadAsync(
                batch => batch.BatchCommands.Add(
                    keys.Count == 1 ? BatchCommands.Create(one, keys[0]) : new NpgsqlBatchCommand(several).With<long[]>([.. keys])),
                async row =>
                {
                    Dictionary<long, Order> orders = new(keys.Count);
                    while (await row.ReadAsync(cancellationToken))
                    {
                        Order order = OrderRow.Read(row);
                        orders[order.OrderKey] = order;
                    }

                    return orders;
                },
                cancellationToken);
        }
        catch (Exception exception) when (keys.Count == 1 && SqlStates.KindOf(exception) == ErrorKind.WrongRow)
        {
            _unreadable.Report(keys[0], exception);
            throw;
        }

        for (int index = 0; index < keys.Count; index++)
        {
            setResult(index, found.GetValueOrDefault(keys[index]));
        }
    }
}
