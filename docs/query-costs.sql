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
    from boundary where boundary.o_orderkey is not null
)
select count(*) from boundary;

\echo count(*)
explain (analyze, buffers, costs off, timing off) select count(*) from orders_synced;

-- $1 the key to seek, $2 how many orders to skip, $3 the page size.
prepare slice (bigint, bigint, bigint) as
with start as materialized (
    select case $2 when 0 then $1
           else (select o_orderkey
                 from (select o_orderkey from orders_synced where o_orderkey > $1 order by o_orderkey limit 1001) as row
                 offset $2 - 1 limit 1)
           end as cursor
)
select case when (select cursor from start) >= (select min(o_orderkey) from orders_synced where o_orderkey > 0)
       then coalesce((select o_orderkey
                      from (select o_orderkey
                            from orders_synced
                            where o_orderkey between 1 and (select cursor from start)
                            order by o_orderkey desc limit 1001) as row
                      offset $3 limit 1), 0)
       end as o_orderkey,
       null::bigint as o_custkey, null::text, null::numeric, null::date, null::text, null::text, null::integer, null::text
union all
(select o_orderkey, o_custkey, o_orderstatus, o_totalprice, o_orderdate, o_orderpriority, o_clerk, o_shippriority, o_comment
 from (select * from orders_synced where o_orderkey > (select cursor from start) order by o_orderkey limit 1001) as row
 limit $3 + 1);
set plan_cache_mode = force_generic_plan;

\echo a slice by cursor
explain (analyze, buffers, costs off, timing off) execute slice (3000000, 0, 100);
\echo a page half-way between two boundaries
explain (analyze, buffers, costs off, timing off) execute slice (3000000, 500, 100);
\echo a page at the far side of a boundary
explain (analyze, buffers, costs off, timing off) execute slice (3000000, 999, 100);
