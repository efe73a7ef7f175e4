-- The TPC-H orders table as a Databricks sync makes it. A table or view of this name that is there already stays as it is.
create table if not exists orders_synced (
    o_orderkey      bigint         not null primary key,
    o_custkey       bigint         not null,
    o_orderstatus   text           not null,
    o_totalprice    numeric(18, 2) not null,
    o_orderdate     date           not null,
    o_orderpriority text           not null,
    o_clerk         text           not null,
    o_shippriority  integer        not null,
    o_comment       text           not null
);
