using System.Data.Common;
using System.Diagnostics;
using Dapper;
using Npgsql;
using Orders.Application;
using Orders.Domain;
using Orders.Infrastructure.Overlay;

namespace Orders.Infrastructure.Persistence;

/// <summary>
/// Every statement on orders. The table is named without a schema: the connection's search path says which table or view it is.
/// </summary>
/// <param name="database">The connections.</param>
/// <param name="newSink">Makes what a slice of so many orders is read into.</param>
/// <param name="statusChanges">Whether changes of status are recorded, with who made them and why.</param>
internal sealed class OrderRepository(DatabaseConnections database, Func<int, IOrderSink> newSink, StatusChangeMode statusChanges) : IOrderRepository
{
    private readonly SharedReads<long, Order?> _orders = new(
        maxStatements: 2, maxSize: 500, static _ => 1, (keys, answer, cancelled) => ReadOrdersAsync(database, keys, answer, cancelled));

    /// <summary>By rows; finding the place and both cursors costs as much as a hundred of them.</summary>
    private readonly SharedReads<SliceQuestion, OrderSlice> _slices = new(
        maxStatements: 4,
        maxSize: 4000,
        static question => 100 + question.PageSize,
        (questions, answer, cancelled) => ReadSlicesAsync(database, newSink, questions, answer, cancelled));

    /// <summary>More rows than any statement steps over or answers.</summary>
    /// <remarks>
    /// Written into the statements, below their own limits: a plan for parameters yet unknown would otherwise be expected to read
    /// a tenth of the table, so that PostgreSQL planned each call anew, and compiled it once the table is large.
    /// </remarks>
    private const string MaxRows = "1001";

    public Task<OrderKeys> WalkKeysAsync(CancellationToken cancellationToken)
    {
        // From each boundary to the next on the index alone. It finds the count as well, in less time than count(*) takes.
        const string sql =
            """
            with recursive boundary as (
                select (select o_orderkey from orders_synced where o_orderkey > 0 order by o_orderkey offset 999 limit 1) as o_orderkey
                union all
                select (select o_orderkey from orders_synced where o_orderkey > boundary.o_orderkey order by o_orderkey offset 999 limit 1)
                from boundary
                where boundary.o_orderkey is not null
            ), found as (
                select coalesce(array_agg(o_orderkey order by o_orderkey), '{}') as boundaries, coalesce(max(o_orderkey), 0) as last
                from boundary
                where o_orderkey is not null
            )
            select 1000 * cardinality(boundaries)::bigint
                   + (select count(*)
                      from (select from orders_synced where o_orderkey > found.last order by o_orderkey limit 1000) as rest)
                   + (select count(*) from orders_synced where o_orderkey <= 0) as orders,
                   boundaries
            from found
            """;

        var command = new CommandDefinition(sql, cancellationToken: cancellationToken);
        return database.ReadAsync(
            async connection =>
            {
                (long orders, long[] boundaries) = await connection.QuerySingleAsync<(long, long[])>(command);
                return new OrderKeys { Count = orders, Boundaries = boundaries };
            },
            cancellationToken);
    }

    public Task<IReadOnlyList<long>> SampleKeysAsync(int size, CancellationToken cancellationToken)
    {
        // Each of 40 points at random between the first and the last key leads to a key after it by a seek of the index.
        // Skipping up to 31 keys from there evens out the gaps between keys, which would favour the keys behind wide ones.
        // A gap wider than half of the span would catch most points: they go to one side of it, the wider the likelier.
        // The constant limit around the skip keeps the planner's estimate, and with it the JIT compiler, out of the way.
        // A table of less than 100 rows is drawn from whole; the same rows fill up where the points met too few keys.
        const string sql =
            """
            with recursive head as materialized (
                select o_orderkey from orders_synced where o_orderkey > 0 order by o_orderkey limit 100
            ), span (point, low, high) as (
                select point, head.first, (select max(o_orderkey) from orders_synced)
                from (select min(o_orderkey) as first from head having count(*) = 100) as head
                cross join generate_series(1, 40) as point
                union all
                select point, case when side.is_lower then low else above end, case when side.is_lower then below else high end
                from span
                cross join lateral (
                    select (select max(o_orderkey) from orders_synced
                            where o_orderkey between low and low + (high - low) / 2) as below,
                           (select min(o_orderkey) from orders_synced
                            where o_orderkey > low + (high - low) / 2 and o_orderkey <= high) as above
                    offset 0
                ) as gap
                cross join lateral (
                    select random() * ((below - low) + (high - above) + 1) < below - low as is_lower
                ) as side
                where above - below > (high - low) / 2
            ), point as materialized (
                select low + trunc(random() * (high - low))::bigint as start, trunc(random() * 32)::int as skip
                from (select distinct on (point) low, high from span order by point, high - low) as narrowest
            ), drawn as materialized (
                select (select o_orderkey from (select o_orderkey from orders_synced
                                                where o_orderkey >= point.start order by o_orderkey limit 32) as next
                        offset point.skip limit 1) as o_orderkey,
                       1 as preference
                from point
                union all
                select o_orderkey, 2 from head
            )
            select o_orderkey
            from drawn
            where o_orderkey is not null
            group by o_orderkey
            order by min(preference), random()
            limit @size
            """;

        var command = new CommandDefinition(sql, new { size }, cancellationToken: cancellationToken);
        return database.ReadAsync<IReadOnlyList<long>>(async connection => (await connection.QueryAsync<long>(command)).AsList(), cancellationToken);
    }

    public Task<OrderSlice> SliceAsync(long afterKey, long skip, int pageSize, CancellationToken cancellationToken) =>
        _slices.AskAsync(new SliceQuestion(afterKey, skip, pageSize), cancellationToken);

    private static async Task ReadSlicesAsync(
        DatabaseConnections database,
        Func<int, IOrderSink> newSink,
        IReadOnlyList<SliceQuestion> questions,
        Action<int, OrderSlice> answer,
        CancellationToken cancellationToken)
    {
        // From the cursor on, which is the key itself or that of the last skipped order. Each slice ends with a row that is marked as its
        // end and has the cursor of the slice before as its key. That is found by stepping back on the index alone, while the service
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
                (select {OrderRow.Columns}, null::boolean
                 from (select * from orders_synced
                       where o_orderkey > start.cursor order by o_orderkey limit {MaxRows}) as after
                 limit question.size + 1)
                union all
                select case when start.cursor >= (select min(o_orderkey) from orders_synced where o_orderkey > 0)
                       then coalesce((select o_orderkey
                                      from (select o_orderkey
                                            from orders_synced
                                            where o_orderkey between 1 and start.cursor
                                            order by o_orderkey desc limit {MaxRows}) as before
                                      offset question.size limit 1), 0)
                       end,
                       {OrderRow.NoColumnsAfterKey}, true
            ) as row
            """;

        const int endColumn = OrderRow.ColumnCount;
        int last = questions.Count - 1;
        OrderSlice lastSlice = await database.ReadAsync(
            async connection =>
            {
                PositionalParameters parameters = new PositionalParameters()
                    .Add(Values(questions, question => question.AfterKey))
                    .Add(Values(questions, question => question.Skip))
                    .Add(Values(questions, question => (long)question.PageSize));
                var command = new CommandDefinition(sql, parameters, cancellationToken: cancellationToken);
                await using DbDataReader reader = await connection.ExecuteReaderAsync(command);
                NpgsqlDataReader row = OrderRow.Driver(reader);
                for (int place = 0; ; place++)
                {
                    int pageSize = questions[place].PageSize;
                    var slice = new SliceReading(newSink(pageSize), pageSize);
                    while (await row.ReadAsync(cancellationToken) && row.IsDBNull(endColumn))
                    {
                        slice.Add(row);
                    }

                    OrderSlice whole = slice.End(previousCursor: row.IsDBNull(OrderRow.OrderKey) ? null : row.GetInt64(OrderRow.OrderKey));
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

    public Task<Order?> FindAsync(long orderKey, CancellationToken cancellationToken) => _orders.AskAsync(orderKey, cancellationToken);

    private static async Task ReadOrdersAsync(
        DatabaseConnections database, IReadOnlyList<long> keys, Action<int, Order?> answer, CancellationToken cancellationToken)
    {
        // The subselect hides the keys from the planner, who would otherwise plan each number of keys anew.
        const string sql = $"select {OrderRow.Columns} from orders_synced where o_orderkey = any((select $1)::bigint[])";

        Dictionary<long, Order> found = await database.ReadAsync(
            async connection =>
            {
                var command = new CommandDefinition(sql, new PositionalParameters().Add(Values(keys, key => key)), cancellationToken: cancellationToken);
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
        for (int place = 0; place < keys.Count; place++)
        {
            answer(place, found.GetValueOrDefault(keys[place]));
        }
    }

    private static long[] Values<T>(IReadOnlyList<T> items, Func<T, long> select)
    {
        long[] values = new long[items.Count];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = select(items[i]);
        }

        return values;
    }

    public Task<bool> UpdateStatusAsync(long orderKey, OrderStatus status, string? changedBy, CancellationToken cancellationToken)
    {
        const string change = "update orders_synced set o_orderstatus = $1 where o_orderkey = $2";

        // The overlay's trigger records the settings with the change; they last as long as the statement.
        const string recordedChange =
            $"{change} and set_config('orders.changed_by', $3, true) is not null and set_config('orders.trace_id', $4, true) is not null";

        return database.WriteAsync(
            async connection =>
            {
                PositionalParameters parameters = new PositionalParameters().Add(status.Code).Add(orderKey);
                if (statusChanges == StatusChangeMode.Overlay)
                {
                    parameters.Add(changedBy ?? "").Add(Activity.Current?.TraceId.ToHexString() ?? "");
                }

                string sql = statusChanges == StatusChangeMode.Overlay ? recordedChange : change;
                var command = new CommandDefinition(sql, parameters, cancellationToken: cancellationToken);
                return await connection.ExecuteAsync(command) > 0;
            },
            cancellationToken);
    }

    private readonly record struct SliceQuestion(long AfterKey, long Skip, int PageSize);
}
