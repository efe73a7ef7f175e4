using Npgsql;
using Orders.Domain;
using Orders.Infrastructure.Postgres;

namespace Orders.Infrastructure.Orders;

/// <content>Several orders by their keys.</content>
internal sealed partial class OrderRepository
{
    public Task<IReadOnlyList<Order>> FindAsync(IReadOnlyList<long> orderKeys, CancellationToken cancellationToken) =>
        _lists.RunAsync([.. orderKeys], cancellationToken);

    /// <summary>One round trip for all lists, with a statement for each.</summary>
    private async Task ReadListsAsync(
        IReadOnlyList<long[]> lists, Action<int, IReadOnlyList<Order>> setResult, CancellationToken cancellationToken)
    {
        const string sql = $"select {OrderRow.Columns} from orders_synced where o_orderkey = any($1)";
        List<Order>[] found;
        try
        {
            found = await _table.ReadAsync(
                batch =>
                {
                    foreach (long[] keys in lists)
                    {
                        batch.BatchCommands.Add(new NpgsqlBatchCommand(sql).With(keys));
                    }
                },
                async reader =>
                {
                    List<Order>[] orders = [.. lists.Select(keys => new List<Order>(keys.Length))];
                    foreach (List<Order> some in orders)
                    {
                        await ReadListAsync(reader, some, cancellationToken);
                        await reader.NextResultAsync(cancellationToken);
                    }

                    return orders;
                },
                cancellationToken);
        }
        catch (PostgresException exception) when (lists.Count == 1 && SqlStates.KindOf(exception) == ErrorKind.WrongRow)
        {
            found = [[]];
            foreach (long orderKey in lists[0])
            {
                await ReadOrderIfReadableAsync(orderKey, found[0], cancellationToken);
            }
        }

        for (int index = 0; index < found.Length; index++)
        {
            found[index].Sort(static (one, other) => one.OrderKey.CompareTo(other.OrderKey));
            setResult(index, found[index]);
        }
    }

    /// <summary>Rows that are no orders are left out, as from slices.</summary>
    private async Task ReadListAsync(NpgsqlDataReader reader, List<Order> orders, CancellationToken cancellationToken)
    {
        while (await reader.ReadAsync(cancellationToken))
        {
            if (OrderRow.TryRead(reader, out Exception? problem) is { } order)
            {
                orders.Add(order);
            }
            else
            {
                _unreadable.Report(OrderRow.ReadKey(reader), problem!);
            }
        }
    }
}
