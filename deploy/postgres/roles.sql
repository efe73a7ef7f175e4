-- The database and its roles, as a superuser on the primary:
--   psql --host haproxy --port 5000 --username postgres --set owner_password=… --set api_password=… --file roles.sql postgres
-- orders_owner makes the table and fills it (`migrate`, `seed`); as orders_api the service logs in. Neither is a superuser.
\set ON_ERROR_STOP on
create role orders_owner login password :'owner_password';
create role orders_api login password :'api_password';
create database orders;
revoke all on database orders from public;
grant connect on database orders to orders_owner, orders_api;
\connect orders
grant create on schema public to orders_owner;
