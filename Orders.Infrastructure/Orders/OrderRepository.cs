using Dapper;
using Orders.Application.Orders;
using Orders.Domain;
using Orders.Infrastructure.Coalescing;
using Orders.Infrastructure.Overlay;
using Orders.Infrastructure.Postgres;

namespace Orders.Infrastructure.Orders;

/// <summary>
/// The orders of a table. It is named without a schema: the connection's search path says which table or view it is.
/// </summary>
/// <remarks>What many ask for at once shares statements, which stand in classes of their own.</remarks>
/// <param name="database">The connections.</param>
/// <param name="newSink">Makes what a slice of so many orders is read into.</param>
/// <param name="statusChanges">Whether changes of status are recorded, with who made them and why.</param>
internal sealed class OrderRepository(DatabaseConnections database, Func<int, IOrderSink> newSink, StatusChangeMode statusChanges) : IOrderRepository
{
    private readonly RequestCoalescer<long, Order?> _orders = new(
        database.Time,
        maxStatements: 2,
        maxWeight: 500,
        static _ => 1,
        (keys, setResult, cancellation) => OrderStatement.RunAsync(database, keys, setResult, cancellation));

    /// <summary>By rows; finding the place and both cursors costs as much as a hundred of them.</summary>
    private readonly RequestCoalescer<SliceKey, OrderSlice> _slices = new(
        database.Time,
        maxStatements: 4,
        maxWeight: 4000,
        static slice => 100 + slice.PageSize,
        (keys, setResult, cancellation) => SliceStatement.RunAsync(database, newSink, keys, setResult, cancellation));

    private readonly StatusChanges _changes = new(database, statusChanges);

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
        _slices.RunAsync(new SliceKey(afterKey, skip, pageSize), cancellationToken);

    public Task<Order?> FindAsync(long orderKey, CancellationToken cancellationToken) => _orders.RunAsync(orderKey, cancellationToken);

    public Task<bool> UpdateStatusAsync(long orderKey, OrderStatus status, string? changedBy, CancellationToken cancellationToken) =>
        _changes.UpdateAsync(orderKey, status, changedBy, cancellationToken);
}
