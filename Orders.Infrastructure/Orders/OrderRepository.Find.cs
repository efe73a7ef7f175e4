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
        // The subselect hides the keys from the planner, which would otherwise plan each number of keys anew.
        const string sql = $"select {OrderRow.Columns} from orders_synced where o_orderkey = any((select $1)::bigint[])";
        Dictionary<long, Order> found = await _database.ReadAsync(
            async connection =>
            {
                var command = new CommandDefinition(
                    sql, new PositionalParameters().AddArray(keys, key => key), cancellationToken: cancellationToken);
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
        for (int index = 0; index < keys.Count; index++)
        {
            setResult(index, found.GetValueOrDefault(keys[index]));
        }
    }
}
