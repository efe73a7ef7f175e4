-- The figures of query-costs.md. Usage: the psql command that the service logs, and: -f docs/query-costs.sql
set jit = off;

\echo page 14001, offset on the table
explain (analyze, buffers, costs off, timing off)
select * from orders_synced order by o_orderkey offset 1400000 limit 101;

\echo page 14001, offset on the index from the start
explain (analyze, buffers, costs off, timing off)
with start as materialized (select o_orderkey from orders_synced order by o_orderkey offset 1400000 limit 1)
select *, coalesce((select o_orderkey from orders_synced where o_orderkey < (select o_orderkey from start)
                    order by o_orderkey desc offset 100 limit 1), 0)
from orders_synced where o_orderkey >= (select o_orderkey from start) order by o_orderkey limit 101;

\echo page 14001, offset on the index from the end
explain (analyze, buffers, costs off, timing off)
with start as materialized (select o_orderkey from orders_synced order by o_orderkey desc offset 99999 limit 1)
select *, coalesce((select o_orderkey from orders_synced where o_orderkey < (select o_orderkey from start)
                    order by o_orderkey desc offset 100 limit 1), 0)
from orders_synced where o_orderkey >= (select o_orderkey from start) order by o_orderkey limit 101;

\echo a slice by cursor, and its previous cursor
explain (analyze, buffers, costs off, timing off)
select * from orders_synced where o_orderkey > 3000000 order by o_orderkey limit 101;
explain (analyze, buffers, costs off, timing off)
select coalesce((select o_orderkey from orders_synced
                 where o_orderkey between 1 and 3000000 order by o_orderkey desc offset 100 limit 1), 0)
where 3000000 >= (select min(o_orderkey) from orders_synced where o_orderkey > 0);

\echo the count
explain (analyze, buffers, costs off, timing off) select count(*) from orders_synced;
