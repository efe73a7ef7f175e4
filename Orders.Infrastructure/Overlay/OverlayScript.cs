using Orders.Application.Overlay;
using Orders.Infrastructure.Postgres;

namespace Orders.Infrastructure.Overlay;

/// <summary>The SQL that creates the overlay and removes it.</summary>
/// <remarks>
/// The view reads the synced table through a function whose body is text. PostgreSQL records no dependencies of such a body, so the sync
/// can drop the table. The planner inlines the function, so queries have the same plans as on the table itself. For that, the function
/// must be one plain select, stable, not strict, with the rights of its caller, and without settings of its own (see PostgreSQL's
/// <c>inline_set_returning_function</c>).
/// </remarks>
internal sealed class OverlayScript(StatusChangeOptions options)
{
    /// <summary>The view that the service reads and updates.</summary>
    public const string View = "orders_synced";

    /// <summary>The table of recorded changes.</summary>
    public const string Changes = "order_status_changes";

    /// <summary>The function that reads the synced table.</summary>
    public const string Source = "synced_orders";

    /// <summary>The trigger, and its function, that record an update of the view.</summary>
    public const string Recorder = "record_status_change";

    /// <summary>The columns of the function and of the view, with their types as PostgreSQL's catalogue shows them.</summary>
    /// <remarks>A view keeps its columns and their order for good, so a new one comes last.</remarks>
    public const string Columns =
        "o_orderkey bigint, o_custkey bigint, o_orderstatus text, o_totalprice numeric, o_orderdate date, "
        + "o_orderpriority text, o_clerk text, o_shippriority integer, o_comment text";

    private const string FormerSource = Source + "_before";

    private readonly string _schema = QualifiedName.Quote(options.OverlaySchema);

    /// <summary>Can run again; grants and recorded changes stay. The synced table need not exist.</summary>
    /// <param name="createSchema">The schema does not exist.</param>
    /// <param name="replaceSource">
    /// The function exists with other columns, which can't be altered. The view is moved to a new function, and so keeps its grants.
    /// </param>
    public string Install(bool createSchema, bool replaceSource)
    {
        // "create schema if not exists" needs a right on the database even when the schema exists.
        string schema = createSchema ? $"create schema {_schema};\n\n" : "";
        string putAside = replaceSource ? $"alter function {_schema}.{Source}() rename to {FormerSource};\n\n" : "";
        string dropFormer = replaceSource ? $"\n\ndrop function {_schema}.{FormerSource}();" : "";

        // The newest status is a scalar subquery, not a join: counting and skipping rows does not evaluate it, and a page evaluates it
        // only for its own rows. It is an index-only backward scan of the primary key, which includes new_status.
        return schema + putAside +
            $"""
            -- All changes of a status. The current status of an order is its change with the highest id.
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

            -- The synced table may not exist now.
            set local check_function_bodies = off;

            create or replace function {_schema}.{Source}()
            returns table ({Columns})
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

            -- Runs with its owner's rights, so a role that may update the view needs no rights on the recorded changes.
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

                -- One transaction at a time for each order, so the ids of its changes are in the order of the commits.
                perform pg_advisory_xact_lock(tg_relid::integer, hashint8(old.o_orderkey));
                select new_status into newest from {_schema}.{Changes}
                where o_orderkey = old.o_orderkey order by id desc limit 1;

                -- A repetition of the newest change is not recorded. The first change is recorded even if the synced row
                -- has the same status, because the next refresh may change that row.
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
            """ + dropFormer;
    }

    /// <summary>Keeps the schema, which may have existed before the overlay.</summary>
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
                        raise exception 'A change was recorded after the removal was planned.';
                    end if;
                end
                $body$;
                drop table {_schema}.{Changes};
                """,
        };
    }
}
