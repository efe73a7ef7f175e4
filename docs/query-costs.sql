-- The figures of query-costs.md. Usage: the psql command that the service logs, and: -f docs/query-costs.sql
set jit = off;
set max_parallel_workers_per_gather = 0;

\echo page 7501, offset on the table
explain (analyze, buffers, costs off, timing off)
select * from orders_synced order by o_orderkey offset 750000 limit 101;

\echo the walk: the count and every thousandth key
explain (analyze, buffers, costs off, timing off)
with recursive boundary as (
    select (select o_orderkey from orders_synced where o_orderkey > 0 order by o_orderkey offset 999 limit 1) as o_orderkey
    union all
    select (select o_orderkey from orders_synced where o_orderkey > boundary.o_orderkey order by o_orderkey offset 999 limit 1)
    from boundary
    where boundary.o_orderkey is not null
), found as (
    select coalesce(array_agg(o_orderkey order by o_orderkey), array[]::bigint[]) as boundaries,
           coalesce(max(o_orderkey), 0) as last
    from boundary
    where o_orderkey is not null
)
select 1000 * cardinality(boundaries)::bigint
       + (select count(*)
          from (select from orders_synced where o_orderkey > found.last order by o_orderkey limit 1000) as rest)
       + (select count(*) from orders_synced where o_orderkey <= 0) as orders,
       boundaries
from found;

\echo count(*)
explain (analyze, buffers, costs off, timing off) select count(*) from orders_synced;

-- $1 the keys to seek, $2 how many orders to skip from each, $3 the page sizes.
prepare slices (bigint[], bigint[], bigint[]) as
select row.*
from unnest((select $1)::bigint[], (select $2)::bigint[], (select $3)::bigint[]) as question (key, skip, size)
cross join lateral (
    select case question.skip when 0 then question.key
           else (select o_orderkey
                 from (select o_orderkey from orders_synced where o_orderkey > question.key order by o_orderkey limit 1001) as skipped
                 offset question.skip - 1 limit 1)
           end as cursor
    offset 0
) as start
cross join lateral (
    (select o_orderkey, o_custkey, o_orderstatus, o_totalprice, o_orderdate, o_orderpriority, o_clerk, o_shippriority, o_comment
     from (select * from orders_synced where o_orderkey > start.cursor order by o_orderkey limit 1001) as after
     limit question.size + 1)
    union all
    select null::bigint,
           case when start.cursor >= (select min(o_orderkey) from orders_synced where o_orderkey > 0)
           then coalesce((select o_orderkey
                          from (select o_orderkey
                                from orders_synced
                                where o_orderkey between 1 and start.cursor
                                order by o_orderkey desc limit 1001) as before
                          offset question.size limit 1), 0)
           end,
           null::text, null::numeric, null::date, null::text, null::text, null::integer, null::text
) as row;
set plan_cache_mode = force_generic_plan;

\echo a slice by cursor
explain (analyze, buffers, costs off, timing off) execute slices ('{3000000}', '{0}', '{100}');
\echo a page half-way between two boundaries
explain (analyze, buffers, costs off, timing off) execute slices ('{3000000}', '{500}', '{100}');
\echo a page at the far side of a boundary
explain (analyze, buffers, costs off, timing off) execute slices ('{3000000}', '{999}', '{100}');
\echo eight slices in one statement
explain (analyze, buffers, costs off, timing off)
execute slices ('{300000, 900000, 1500000, 2100000, 2700000, 3300000, 3900000, 4500000}', '{0, 0, 0, 0, 0, 0, 0, 0}',
                '{100, 100, 100, 100, 100, 100, 100, 100}');
