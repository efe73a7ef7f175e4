using Dapper;
using Npgsql;
using Orders.Application;
using Orders.Domain;

namespace Orders.Infrastructure.Persistence;

/// <summary>
/// Every statement on orders. The table is named without a schema: the connection's search path says which table or view it is.
/// </summary>
internal sealed class OrderRepository(NpgsqlDataSource dataSource) : IOrderRepository
{
    private const string Columns =
        """
        o_orderkey as orderkey, o_custkey as customerkey, o_orderstatus as status, o_totalprice as totalprice,
        o_orderdate as orderdate, o_orderpriority as priority, o_clerk as clerk, o_shippriority as shippriority,
        o_comment as comment
        """;

    /// <summary>
    /// The orders from the one key of <c>start</c> on, and on each row the key in front of the page before it, or 0.
    /// </summary>
    private const string SelectFromStart =
        $"""
        select {Columns},
               coalesce((select o_orderkey from orders_synced
                         where o_orderkey < (select o_orderkey from start)
                         order by o_orderkey desc offset @pageSize limit 1), 0) as previouscursor
        from orders_synced
        where o_orderkey >= (select o_orderkey from start)
        order by o_orderkey
        limit @limit
        """;

    public Task<(long Orders, long LastKey)> CountAsync(CancellationToken cancellationToken)
    {
        const string sql = "select count(*), coalesce((select max(o_orderkey) from orders_synced), 0) from orders_synced";

        return dataSource.ReadAsync(
            connection => connection.QuerySingleAsync<(long Orders, long LastKey)>(new CommandDefinition(sql, cancellationToken: cancellationToken)),
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
        return dataSource.ReadAsync<IReadOnlyList<long>>(async connection => (await connection.QueryAsync<long>(command)).AsList(), cancellationToken);
    }

    public Task<OrderSlice> SliceAsync(long cursor, int pageSize, CancellationToken cancellationToken)
    {
        // The second statement steps back over the orders before the slice on the index alone: the key in front of a full
        // slice is its cursor, and 0 is when the table's first orders don't fill one. No row: there is nothing before.
        const string sql =
            $"""
            select {Columns}
            from orders_synced
            where o_orderkey > @cursor
            order by o_orderkey
            limit @limit;

            select coalesce((select o_orderkey from orders_synced
                             where o_orderkey between 1 and @cursor order by o_orderkey desc offset @pageSize limit 1), 0)
            where @cursor >= (select min(o_orderkey) from orders_synced where o_orderkey > 0)
            """;

        var command = new CommandDefinition(sql, new { cursor, pageSize, limit = pageSize + 1 }, cancellationToken: cancellationToken);
        return dataSource.ReadAsync(
            async connection =>
            {
                await using SqlMapper.GridReader results = await connection.QueryMultipleAsync(command);
                List<Order> rows = (await results.ReadAsync<Order>()).AsList();
                long? previousCursor = await results.ReadSingleOrDefaultAsync<long?>();
                return OrderSlice.FromRows(rows, pageSize, previousCursor);
            },
            cancellationToken);
    }

    public async Task<OrderSlice> SliceForwardAsync(long afterKey, long offset, int pageSize, CancellationToken cancellationToken)
    {
        // The offset is walked on the index to the one key where the page starts; the table is read for the page's rows alone.
        const string sql =
            $"""
            with start as materialized (
                select o_orderkey from orders_synced where o_orderkey > @fromKey order by o_orderkey offset @offset limit 1
            )
            {SelectFromStart}
            """;

        OrderSlice slice = await SliceFromStartAsync(sql, afterKey, offset, pageSize, cancellationToken);
        return afterKey == 0 && offset == 0 ? slice with { PreviousCursor = null } : slice;
    }

    public Task<OrderSlice> SliceBackwardAsync(long lastKey, long offset, int pageSize, CancellationToken cancellationToken)
    {
        const string sql =
            $"""
            with start as materialized (
                select o_orderkey from orders_synced where o_orderkey <= @fromKey order by o_orderkey desc offset @offset limit 1
            )
            {SelectFromStart}
            """;

        return SliceFromStartAsync(sql, lastKey, offset, pageSize, cancellationToken);
    }

    public Task<Order?> FindAsync(long orderKey, CancellationToken cancellationToken)
    {
        const string sql = $"select {Columns} from orders_synced where o_orderkey = @orderKey";

        var command = new CommandDefinition(sql, new { orderKey }, cancellationToken: cancellationToken);
        return dataSource.ReadAsync(connection => connection.QuerySingleOrDefaultAsync<Order>(command), cancellationToken);
    }

    public Task<bool> UpdateStatusAsync(long orderKey, OrderStatus status, CancellationToken cancellationToken)
    {
        const string sql = "update orders_synced set o_orderstatus = @status where o_orderkey = @orderKey";

        var command = new CommandDefinition(sql, new { orderKey, status = status.Code }, cancellationToken: cancellationToken);
        return dataSource.RunAsync(async connection => await connection.ExecuteAsync(command) > 0, cancellationToken);
    }

    private Task<OrderSlice> SliceFromStartAsync(string sql, long fromKey, long offset, int pageSize, CancellationToken cancellationToken)
    {
        var command = new CommandDefinition(
            sql, new { fromKey, offset, pageSize, limit = pageSize + 1 }, cancellationToken: cancellationToken);
        return dataSource.ReadAsync(
            async connection =>
            {
                long? previousCursor = null;
                IEnumerable<Order> rows = await connection.QueryAsync<Order, long, Order>(
                    command,
                    (order, previous) =>
                    {
                        previousCursor = previous;
                        return order;
                    },
                    splitOn: "previouscursor");
                return OrderSlice.FromRows(rows.AsList(), pageSize, previousCursor);
            },
            cancellationToken);
    }
}
