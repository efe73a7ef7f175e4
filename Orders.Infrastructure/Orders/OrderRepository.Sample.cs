using Dapper;

namespace Orders.Infrastructure.Orders;

/// <content>Keys at random.</content>
internal sealed partial class OrderRepository
{
    public Task<IReadOnlyList<long>> SampleKeysAsync(int size, CancellationToken cancellationToken)
    {
        // Each of 40 random points between the first and the last key leads to a key after it by a seek of the index.
        // Skipping up to 31 keys from there evens out the gaps between keys, which would favour the keys behind wide ones.
        // A gap wider than half of the span would catch most points: they go to one side of it, the wider the likelier.
        // The constant limit around the skip keeps the planner's estimate low, and so the JIT compiler out of it.
        // A table of less than 100 rows is drawn from whole; the same rows fill up when the points meet too few keys.
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
        return _database.ReadAsync<IReadOnlyList<long>>(
            async connection => (await connection.QueryAsync<long>(command)).AsList(), cancellationToken);
    }
}
