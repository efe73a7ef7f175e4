using Orders.Application.Overlay;
using Orders.Infrastructure.Postgres;

namespace Orders.Infrastructure.Overlay;

/// <summary>The statements that make the overlay and take it away.</summary>
/// <remarks>
/// The view reads the synced table through a function whose body is text. PostgreSQL keeps no account of what such a body refers to, so
/// nothing stands in the way when the table is dropped; and the planner puts the body in the function's place as long as the function is
/// one plain select, stable, not strict, with the rights of its caller, and without settings of its own (PostgreSQL's
/// <c>inline_set_returning_function</c>), so the plans are the table's own.
/// </remarks>
internal sealed class OverlayScript(StatusChangeOptions options)
{
    /// <summary>The names of what is made.</summary>
    public const string View = "orders_synced";

    public const string Changes = "order_status_changes";

    public const string Source = "synced_orders";

    public const string Recorder = "record_status_change";

    private readonly string _schema = QualifiedName.Quote(options.OverlaySchema);

    /// <summary>Can be run again, and keeps grants and changes when it is. It does not need the synced table to be there.</summary>
    public string Install(bool createSchema)
    {
        // Creating a schema takes a right on the database, even with "if not exists" and a schema that exists.
        string schema = createSchema ? $"create schema {_schema};\n\n" : "";

        // The newest status is a value and not a join: counting and skipping rows leaves it out, and a page looks it up for its own rows alone.
        // The key's backward scan finds it, and the index holds it.
        return schema +
            $"""
            -- Every change is kept; the newest one of an order, by id, counts.
            create table if not exists {_schema}.{Changes} (
                o_orderkey bigint      not null,
                id         bigint      not null generated always as identity,
                old_status text,
                new_status text        not null,
                changed_at timestamptz not null default clock_timestamp(),
                changed_by text,
                trace_id   text,
                primary key (o_orderkey, id) include (new_status)
            );

            -- The body names a table that comes and goes.
            set local check_function_bodies = off;

            create or replace function {_schema}.{Source}()
            returns table (
                o_orderkey bigint, o_custkey bigint, o_orderstatus text, o_totalprice numeric, o_orderdate date,
                o_orderpriority text, o_clerk text, o_shippriority integer, o_comment text)
            language sql stable parallel safe
            as $body$
                select o_orderkey, o_custkey, o_orderstatus, o_totalprice, o_orderdate,
                       o_orderpriority, o_clerk, o_shippriority, o_comment
                from {options.SyncedTable}
            $body$;

            create or replace view {_schema}.{View} as
            select o_orderkey, o_custkey,
                   coalesce((select new_status from {_schema}.{Changes} as change
                             where change.o_orderkey = source.o_orderkey order by id desc limit 1),
                            o_orderstatus) as o_orderstatus,
                   o_totalprice, o_orderdate, o_orderpriority, o_clerk, o_shippriority, o_comment
            from {_schema}.{Source}() as source;

            -- With the rights of its owner: who may update the view need not be able to touch what is recorded.
            create or replace function {_schema}.{Recorder}() returns trigger
            language plpgsql security definer set search_path = pg_catalog, pg_temp
            as $body$
            declare
                rest record := new;
                newest text;
            begin
                rest.o_orderstatus := old.o_orderstatus;
                if rest is distinct from old then
                    raise exception 'Only o_orderstatus can be changed: the rest of an order belongs to its sync.';
                end if;

                -- One at a time for each order, until the transaction ends: the ids are in the order of the commits.
                perform pg_advisory_xact_lock(tg_relid::integer, hashint8(old.o_orderkey));
                select new_status into newest from {_schema}.{Changes}
                where o_orderkey = old.o_orderkey order by id desc limit 1;

                -- What repeats the newest change is none. The first one is recorded even if the synced row says the same:
                -- the next refresh may make it say something else.
                if newest is null or newest is distinct from new.o_orderstatus then
                    insert into {_schema}.{Changes} (o_orderkey, old_status, new_status, changed_by, trace_id)
                    values (old.o_orderkey, coalesce(newest, old.o_orderstatus), new.o_orderstatus,
                            nullif(current_setting('orders.changed_by', true), ''),
                            nullif(current_setting('orders.trace_id', true), ''));
                end if;
                return new;
            end
            $body$;

            create or replace trigger {Recorder} instead of update on {_schema}.{View}
            for each row execute function {_schema}.{Recorder}();
            """;
    }

    /// <summary>The schema stays: somebody else may have made it.</summary>
    public string Remove(RecordedChanges changes)
    {
        string views =
            $"""
            drop view if exists {_schema}.{View};
            drop function if exists {_schema}.{Source}(), {_schema}.{Recorder}();
            """;
        return changes switch
        {
            RecordedChanges.Keep => views,
            RecordedChanges.Discard =>
                $"""
                {views}
                drop table if exists {_schema}.{Changes};
                """,
            RecordedChanges.MustBeNone =>
                $"""
                {views}
                do $body$
                begin
                    if exists (select from {_schema}.{Changes}) then
                        raise exception 'A change was recorded meanwhile.';
                    end if;
                end
                $body$;
                drop table {_schema}.{Changes};
                """,
        };
    }
}
