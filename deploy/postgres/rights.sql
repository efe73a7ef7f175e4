-- What the service may do, and no more, as orders_owner in the database orders, after `migrate`.
\set ON_ERROR_STOP on
grant select, update (o_orderstatus) on orders_synced to orders_api;
