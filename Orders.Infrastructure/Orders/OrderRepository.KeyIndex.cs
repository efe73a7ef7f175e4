using Dapper;
using Orders.Application.Orders;

namespace Orders.Infrastructure.Orders;

/// <content>The number of orders, and the places of their keys.</content>
internal sealed partial class OrderRepository
{
    // From each block to the next on the index alone. It finds the count too, in less time than count(*) takes.
    private static readonly string KeyIndexSql =
        $"""
        with recursive boundary as (
            select (select o_orderkey from orders_synced
                        where o_orderkey > 0 order by o_orderkey offset {KeyIndex.BlockSize - 1} limit 1) as o_orderkey
            union all
            select (select o_orderkey from orders_synced
                        where o_orderkey > boundary.o_orderkey order by o_orderkey offset {KeyIndex.BlockSize - 1} limit 1)
            from boundary
            where boundary.o_orderkey is not null
        ), found as (
            select coalesce(array_agg(o_orderkey order by o_orderkey), array[]::bigint[]) as boundaries,
                   coalesce(max(o_orderkey), 0) as last
            from boundary
            where o_orderkey is not null
        )
        select {KeyIndex.BlockSize} * cardinality(boundaries)::bigint
               + (select count(*)
                  from (select from orders_synced where o_orderkey > found.last order by o_orderkey limit {KeyIndex.BlockSize}) as rest)
               + (select count(*) from orders_synced where o_orderkey <= 0) as orders,
               boundaries
        from found
        """;

    public Task<KeyIndex> ReadKeyIndexAsync(CancellationToken cancellationToken)
    {
        var command = new CommandDefinition(KeyIndexSql, cancellationToken: cancellationToken);
        return _database.ReadAsync(
            async connection =>
            {
                (long orders, long[] blockEnds) = await connection.QuerySingleAsync<(long, long[])>(command);
                return new KeyIndex { Count = orders, BlockEnds = blockEnds };
            },
            cancellationToken);
    }
}
