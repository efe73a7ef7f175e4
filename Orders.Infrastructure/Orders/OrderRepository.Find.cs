using System.Data.Common;
using Dapper;
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
                async connection =>
                {
                    CommandDefinition command = keys.Count == 1
                        ? new(one, new PositionalParameters().Add(keys[0]), cancellationToken: cancellationToken)
                        : new(several, new PositionalParameters().AddArray(keys, key => key), cancellationToken: cancellationToken);
                    await using DbDataReader reader = await connection.ExecuteReaderAsync(command);
                    NpgsqlDataReader row = OrderRow.Driver(reader);
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
