namespace Orders.Infrastructure.Orders;

/// <summary>The statements of changes on a condition, and of several changes in one transaction.</summary>
internal static class StatusStatements
{
    /// <summary>One change. $1: the status; $2: the key.</summary>
    public const string UpdateOne =
        $"update orders_synced set o_orderstatus = $1 where o_orderkey = $2 returning {OrderRow.Columns}";

    /// <summary>
    /// One change of some versions; $3: these. PostgreSQL evaluates the condition again on the newest row when it has waited for a lock,
    /// so nothing comes between it and the change.
    /// </summary>
    public const string UpdateOneOfVersions =
        $"update orders_synced set o_orderstatus = $1 where o_orderkey = $2 and {Version} = any($3) returning {OrderRow.Columns}";

    /// <summary>Gives up after 100 ms whatever it waits for: it holds locks that others want.</summary>
    public const string LimitWaiting = "select set_config('lock_timeout', '100', true)";

    /// <summary>What the trigger of the overlay records with the changes. $1: the caller; $2: the trace id.</summary>
    public const string Record = "select set_config('orders.changed_by', $1, true), set_config('orders.trace_id', $2, true)";

    /// <summary>How many statements a recorded change has before its own: this one and the next.</summary>
    public const int CountOfRecord = 2;

    /// <summary>
    /// The locks that the trigger of the overlay takes, before the changes are decided on: the overlay has no rows to lock. $1: the keys.
    /// </summary>
    public const string LockRecorded =
        """
        select pg_advisory_xact_lock('orders_synced'::regclass::oid::integer, hashint8(o_orderkey))
        from unnest($1::bigint[]) as asked (o_orderkey)
        """;

    /// <summary>Keys of changes to one status, $2.</summary>
    public const string Keys = "o_orderkey = any($2)";

    /// <summary>Those of them that are not locked.</summary>
    public const string UnlockedKeys =
        "o_orderkey in (select o_orderkey from orders_synced where o_orderkey = any($2) for no key update skip locked)";

    /// <summary>All of them or none, as <see cref="CheckAll"/> has found.</summary>
    public const string AllKeys = "o_orderkey = any($2) and current_setting('orders.all_can_change') = 'true'";

    /// <summary>The version of an order, as <see cref="Domain.OrderVersion"/> computes it.</summary>
    private const string Version =
        """
        substring(sha256(
            int8send(o_orderkey::bigint) || int8send(o_custkey::bigint) || int8send((o_totalprice::numeric(18, 2) * 100)::bigint)
            || date_send(o_orderdate::date) || int4send(o_shippriority::integer)
            || convert_to(o_orderstatus::text, 'UTF8') || '\x00'::bytea || convert_to(o_orderpriority::text, 'UTF8') || '\x00'::bytea
            || convert_to(o_clerk::text, 'UTF8') || '\x00'::bytea || convert_to(o_comment::text, 'UTF8')) from 1 for 12)
        """;

    /// <summary>The changes to one status. $1: the status; $2: the keys; $3: the versions, each of which is of one order.</summary>
    public static string Update(string keys, bool ofVersions, bool returnsOrders) =>
        $"""
        update orders_synced
        set o_orderstatus = $1
        where {keys}{(ofVersions ? $" and {Version} = any($3)" : "")}
        returning {(returnsOrders ? OrderRow.Columns : "o_orderkey::bigint")}
        """;

    /// <summary>
    /// Whether all changes can be made. $1: how many there are; $2: their keys; $3: the keys of those on a condition; $4: their versions.
    /// The rows stay locked, in the order of their keys, so that two of these never wait for each other.
    /// </summary>
    public static string CheckAll(bool locks, bool ofVersions) =>
        $"""
        select set_config('orders.all_can_change', (count(*) = $1)::text, true)
        from (select o_orderkey, o_custkey, o_orderstatus, o_totalprice, o_orderdate, o_orderpriority, o_clerk, o_shippriority, o_comment
              from orders_synced
              where o_orderkey = any($2){(locks ? " order by o_orderkey for no key update" : "")}) as asked
        {(ofVersions ? $"where o_orderkey <> all($3) or {Version} = any($4)" : "")}
        """;
}
