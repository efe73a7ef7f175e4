-- What each statement of the service costs: psql -f docs/query-costs.sql, on a database with orders of scale factor 1.
-- The statements are those of Orders.Infrastructure/Orders; a test holds both equal. docs/query-costs.md has the results.
\set ON_ERROR_STOP on
\pset pager off
set max_parallel_workers_per_gather = 0;

select array_agg(number * 320::bigint) as keys from generate_series(1, 16) as number \gset
select array_agg(number * 4000::bigint + 1) as first_keys from generate_series(0, 1499) as number \gset

-- /stream: the orders after a key, $1.
prepare rows (bigint) as
select o_orderkey::bigint, o_custkey::bigint, o_orderstatus::text, o_totalprice::numeric(18, 2), o_orderdate::date, o_orderpriority::text, o_clerk::text, o_shippriority::integer, o_comment::text
from orders_synced
where o_orderkey > $1 and o_orderkey <= 9223372036854775807
order by orders_synced.o_orderkey limit 101;

-- Its previous cursor: the keys up to $1.
prepare keys_before (bigint) as
select count(*), min(o_orderkey)::bigint
from (select o_orderkey from orders_synced
      where o_orderkey between 1 and $1 order by o_orderkey desc limit 101) as before;

-- /pages: the orders after the one that comes $2 orders after the start of a block, $1.
prepare rows_after_skip (bigint, bigint) as
select o_orderkey::bigint, o_custkey::bigint, o_orderstatus::text, o_totalprice::numeric(18, 2), o_orderdate::date, o_orderpriority::text, o_clerk::text, o_shippriority::integer, o_comment::text
from orders_synced
where o_orderkey > (select o_orderkey::bigint from orders_synced where o_orderkey > $1 order by orders_synced.o_orderkey offset $2 limit 1) and o_orderkey <= 9223372036854775807
order by orders_synced.o_orderkey limit 101;

-- Its previous cursor, and a key of a sample.
prepare key_at (bigint, bigint) as
select o_orderkey::bigint from orders_synced where o_orderkey > $1 order by orders_synced.o_orderkey offset $2 limit 1;

-- One order, and several at once.
prepare one (bigint) as
select o_orderkey::bigint, o_custkey::bigint, o_orderstatus::text, o_totalprice::numeric(18, 2), o_orderdate::date, o_orderpriority::text, o_clerk::text, o_shippriority::integer, o_comment::text from orders_synced where o_orderkey = $1;
prepare several (bigint[]) as
select o_orderkey::bigint, o_custkey::bigint, o_orderstatus::text, o_totalprice::numeric(18, 2), o_orderdate::date, o_orderpriority::text, o_clerk::text, o_shippriority::integer, o_comment::text from orders_synced where o_orderkey = any($1);

-- The key index: orders in blocks of the same width, and in blocks that start at given keys.
prepare by_width (bigint) as
select o_orderkey::bigint / $1, count(*)
from orders_synced
where o_orderkey between 1 and 9223372036854775807
group by 1;
prepare by_first_keys (bigint[]) as
select width_bucket(o_orderkey::bigint, $1)::bigint, count(*)
from orders_synced
where o_orderkey between 1 and 9223372036854775807
group by 1;

-- A change of one status, and changes to one status that come at the same time.
prepare change_one (text, bigint) as
update orders_synced set o_orderstatus = $1 where o_orderkey = $2;
prepare change (text, bigint[]) as
update orders_synced
set o_orderstatus = $1
where o_orderkey in (select o_orderkey from orders_synced where o_orderkey = any($2) for no key update skip locked)
returning o_orderkey::bigint;

\echo rows
explain (analyze, buffers, costs off, timing off) execute rows (3000000);
\echo keys_before
explain (analyze, buffers, costs off, timing off) execute keys_before (3000000);
\echo rows_after_skip
explain (analyze, buffers, costs off, timing off) execute rows_after_skip (3000000, 499);
\echo key_at
explain (analyze, buffers, costs off, timing off) execute key_at (3000000, 398);
\echo one
explain (analyze, buffers, costs off, timing off) execute one (3000000);
\echo several
explain (analyze, buffers, costs off, timing off) execute several (:'keys');
\echo by_width
explain (analyze, buffers, costs off, timing off) execute by_width (4000);
\echo by_first_keys
explain (analyze, buffers, costs off, timing off) execute by_first_keys (:'first_keys');
\echo change_one
begin;
explain (analyze, buffers, costs off, timing off) execute change_one ('F', 3000000);
rollback;
\echo change
begin;
explain (analyze, buffers, costs off, timing off) execute change ('F', :'keys');
rollback;
\echo count(*), for comparison
explain (analyze, buffers, costs off, timing off) select count(*) from orders_synced;
