using System.Data.Common;
using Dapper;
using Npgsql;
using Orders.Application.Orders;
using Orders.Infrastructure.Postgres;

namespace Orders.Infrastructure.Orders;

/// <summary>Reads slices of orders, several at once.</summary>
internal static class SliceStatement
{
    /// <summary>More rows than any slice steps over or holds.</summary>
    /// <remarks>
    /// Written into the statement, below its own limits: a plan for parameters yet unknown would otherwise be expected to read
    /// a tenth of the table, so that PostgreSQL planned each call anew, and compiled it once the table is large.
    /// </remarks>
    private const string MaxRows = "1001";

    public static async Task RunAsync(
        DatabaseConnections database,
        Func<int, IOrderSink> newSink,
        IReadOnlyList<SliceKey> questions,
        Action<int, OrderSlice> answer,
        CancellationToken cancellationToken)
    {
        // From the cursor on, which is the key itself or that of the last skipped order. Each slice ends with a row that has no key and,
        // in the column after it, the cursor of the slice before. That is found by stepping back on the index alone, while the service
        // still reads the orders: the key in front of a full slice is its cursor, 0 is when the table's first orders don't fill one, and
        // null when nothing is before. "union all" runs one part after the other, each in its order, for one question after another. The
        // orders come first, so that the union has their columns' types.
        // The subselects hide the number of questions from the planner, who would otherwise plan each anew.
        const string sql =
            $"""
            select row.*
            from unnest((select $1)::bigint[], (select $2)::bigint[], (select $3)::bigint[]) as question (key, skip, size)
            cross join lateral (
                select case question.skip when 0 then question.key
                       else (select o_orderkey
                             from (select o_orderkey from orders_synced where o_orderkey > question.key order by o_orderkey limit {MaxRows}) as skipped
                             offset question.skip - 1 limit 1)
                       end as cursor
                offset 0
            ) as start
            cross join lateral (
                (select {OrderRow.Columns}
                 from (select * from orders_synced
                       where o_orderkey > start.cursor order by o_orderkey limit {MaxRows}) as after
                 limit question.size + 1)
                union all
                select null::bigint,
                       case when start.cursor >= (select min(o_orderkey) from orders_synced where o_orderkey > 0)
                       then coalesce((select o_orderkey
                                      from (select o_orderkey
                                            from orders_synced
                                            where o_orderkey between 1 and start.cursor
                                            order by o_orderkey desc limit {MaxRows}) as before
                                      offset question.size limit 1), 0)
                       end,
                       {OrderRow.NoColumnsAfterCustomerKey}
            ) as row
            """;

        int last = questions.Count - 1;
        OrderSlice lastSlice = await database.ReadAsync(
            async connection =>
            {
                PositionalParameters parameters = new PositionalParameters()
                    .AddArray(questions, question => question.AfterKey)
                    .AddArray(questions, question => question.Skip)
                    .AddArray(questions, question => (long)question.PageSize);
                var command = new CommandDefinition(sql, parameters, cancellationToken: cancellationToken);
                await using DbDataReader reader = await connection.ExecuteReaderAsync(command);
                NpgsqlDataReader row = OrderRow.Driver(reader);
                for (int place = 0; ; place++)
                {
                    int pageSize = questions[place].PageSize;
                    var slice = new SliceReading(newSink(pageSize), pageSize);
                    while (await row.ReadAsync(cancellationToken) && !row.IsDBNull(OrderRow.OrderKey))
                    {
                        slice.Add(row);
                    }

                    OrderSlice whole = slice.End(previousCursor: row.IsDBNull(OrderRow.CustomerKey) ? null : row.GetInt64(OrderRow.CustomerKey));
                    if (place == last)
                    {
                        return whole;
                    }

                    answer(place, whole);
                }
            },
            cancellationToken);
        answer(last, lastSlice);
    }
}
