using System.Data.Common;
using Dapper;
using Npgsql;
using Orders.Application.Orders;
using Orders.Domain;
using Orders.Infrastructure.Postgres;

namespace Orders.Infrastructure.Orders;

/// <content>Slices of consecutive orders.</content>
internal sealed partial class OrderRepository
{
    public Task<OrderSlice> SliceAsync(long afterKey, long skip, int pageSize, CancellationToken cancellationToken) =>
        _slices.RunAsync(new SliceKey(afterKey, skip, pageSize), cancellationToken);

    /// <param name="maxRows">
    /// More rows than any slice skips or holds. It stands around the limits that are parameters: with parameters alone PostgreSQL
    /// expects a tenth of the table, plans each call anew, and compiles the plan once the table is large.
    /// </param>
    private static string SliceSql(int maxRows)
    {
        // A slice starts after its cursor: the given key, or that of the last skipped order. It ends with a row that has no key and, in
        // the column after it, the previous cursor. That is found by stepping back on the index alone while the service still reads the
        // orders: the key in front of a full slice; 0 when the table's first orders do not fill one; null when there are none.
        // "union all" runs one part after the other, each in its order, for one slice after another. The orders come first, so that
        // the union has their columns' types.
        // The subselects hide the number of slices from the planner, which would otherwise plan each number anew.
        return
            $"""
            select row.*
            from unnest((select $1)::bigint[], (select $2)::bigint[], (select $3)::bigint[]) as question (key, skip, size)
            cross join lateral (
                select case question.skip when 0 then question.key
                       else (select o_orderkey
                             from (select o_orderkey from orders_synced
                                   where o_orderkey > question.key order by o_orderkey limit {maxRows}) as skipped
                             offset question.skip - 1 limit 1)
                       end as cursor
                offset 0
            ) as start
            cross join lateral (
                (select {OrderRow.Columns}
                 from (select * from orders_synced
                       where o_orderkey > start.cursor order by o_orderkey limit {maxRows}) as after
                 limit question.size + 1)
                union all
                select null::bigint,
                       case when start.cursor >= (select min(o_orderkey) from orders_synced where o_orderkey > 0)
                       then coalesce((select o_orderkey
                                      from (select o_orderkey
                                            from orders_synced
                                            where o_orderkey between 1 and start.cursor
                                            order by o_orderkey desc limit {maxRows}) as before
                                      offset question.size limit 1), 0)
                       end,
                       {OrderRow.NoColumnsAfterCustomerKey}
            ) as row
            """;
    }

    private async Task ReadSlicesAsync(
        IReadOnlyList<SliceKey> slices, Action<int, OrderSlice> setResult, CancellationToken cancellationToken)
    {
        int last = slices.Count - 1;
        OrderSlice lastSlice = await _database.ReadAsync(
            async connection =>
            {
                PositionalParameters parameters = new PositionalParameters()
                    .AddArray(slices, slice => slice.AfterKey)
                    .AddArray(slices, slice => slice.Skip)
                    .AddArray(slices, slice => (long)slice.PageSize);
                var command = new CommandDefinition(_sliceSql, parameters, cancellationToken: cancellationToken);
                await using DbDataReader reader = await connection.ExecuteReaderAsync(command);
                NpgsqlDataReader row = OrderRow.Driver(reader);
                for (int index = 0; index < last; index++)
                {
                    setResult(index, await ReadSliceAsync(row, slices[index].PageSize, cancellationToken));
                }

                return await ReadSliceAsync(row, slices[last].PageSize, cancellationToken);
            },
            cancellationToken);
        setResult(last, lastSlice);
    }

    private static async Task<OrderSlice> ReadSliceAsync(NpgsqlDataReader row, int pageSize, CancellationToken cancellationToken)
    {
        // One row more than asked for shows that another order follows, and is not part of the slice.
        var orders = new List<Order>(pageSize);
        bool hasNext = false;
        while (await row.ReadAsync(cancellationToken) && !row.IsDBNull(OrderRow.OrderKey))
        {
            if (orders.Count == pageSize)
            {
                hasNext = true;
            }
            else
            {
                orders.Add(OrderRow.Read(row));
            }
        }

        return new OrderSlice
        {
            Orders = orders,
            NextCursor = hasNext ? orders[^1].OrderKey : null,
            PreviousCursor = row.IsDBNull(OrderRow.CustomerKey) ? null : row.GetInt64(OrderRow.CustomerKey),
        };
    }

    /// <summary>Which slice: so many orders, from the one that comes <paramref name="Skip"/> orders after the first behind a key.</summary>
    private readonly record struct SliceKey(long AfterKey, long Skip, int PageSize);
}
