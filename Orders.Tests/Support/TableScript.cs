namespace Orders.Tests.Support;

/// <summary>The SQL that makes a table of a kind, empty. The service's own scripts and commands make the others.</summary>
internal static class TableScript
{
    /// <summary>All kinds, for a fixture's source.</summary>
    public static IEnumerable<TableKind> Kinds => Enum.GetValues<TableKind>();

    /// <summary>Those whose rows are all on the server that is asked.</summary>
    public static IEnumerable<TableKind> LocalKinds => Kinds.Where(kind => kind != TableKind.ForeignShards);

    public static long LargestKey(TableKind kind) => kind == TableKind.TpchTypes ? int.MaxValue : long.MaxValue;

    private const string Columns =
        """
        o_orderkey bigint not null, o_custkey bigint not null, o_orderstatus text not null, o_totalprice numeric(18, 2) not null,
        o_orderdate date not null, o_orderpriority text not null, o_clerk text not null, o_shippriority integer not null, o_comment text not null
        """;

    /// <param name="kind">Neither plain nor with an overlay.</param>
    /// <param name="schema">The first one of the search path. The names of what the script makes elsewhere begin with it.</param>
    /// <param name="user">The role that asks foreign servers.</param>
    /// <param name="password">Its password; null where it needs none.</param>
    public static string For(TableKind kind, string schema, string user, string? password) => kind switch
    {
        TableKind.RangePartitioned => RangePartitioned(schema),
        TableKind.HashPartitioned => HashPartitioned(schema),
        TableKind.ForeignShards => ForeignShards(schema, user, password),
        TableKind.View => View(schema),
        TableKind.TpchTypes => TpchTypes(schema),
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    /// <summary>Removes what is not in the schema.</summary>
    public static string Drop(string schema) =>
        $"drop server if exists {schema}_server cascade; drop schema if exists {schema}_shard1, {schema}_shard2 cascade";

    private static string RangePartitioned(string schema) =>
        $"""
        create table {schema}.orders_synced ({Columns}, primary key (o_orderkey)) partition by range (o_orderkey);
        create table {schema}.orders_low partition of {schema}.orders_synced for values from (1) to (40);
        create table {schema}.orders_middle partition of {schema}.orders_synced for values from (40) to (1000);
        create table {schema}.orders_high partition of {schema}.orders_synced for values from (1000) to (8000);
        create table {schema}.orders_rest partition of {schema}.orders_synced default;
        """;

    private static string HashPartitioned(string schema) =>
        $"""
        create table {schema}.orders_synced ({Columns}, primary key (o_orderkey)) partition by hash (o_orderkey);
        create table {schema}.orders_0 partition of {schema}.orders_synced for values with (modulus 4, remainder 0);
        create table {schema}.orders_1 partition of {schema}.orders_synced for values with (modulus 4, remainder 1);
        create table {schema}.orders_2 partition of {schema}.orders_synced for values with (modulus 4, remainder 2);
        create table {schema}.orders_3 partition of {schema}.orders_synced for values with (modulus 4, remainder 3);
        """;

    /// <remarks>
    /// The server is asked where it is: in a container it has another address than for the tests. Extensions are the whole database's, and
    /// two creations of one at a time collide. A table with foreign partitions has no primary key.
    /// </remarks>
    private static string ForeignShards(string schema, string user, string? password) =>
        $"""
        do $$
        begin
            perform pg_advisory_xact_lock(hashtext('create extension postgres_fdw'));
            create extension if not exists postgres_fdw;
            execute format(
                'create server {schema}_server foreign data wrapper postgres_fdw options (host %L, port %L, dbname %L, batch_size ''1000'')',
                split_part(current_setting('unix_socket_directories'), ',', 1), current_setting('port'), current_database());
            execute format(
                'create user mapping for public server {schema}_server options (user %L, password %L, password_required ''false'')',
                '{user.Replace("'", "''", StringComparison.Ordinal)}', '{password?.Replace("'", "''", StringComparison.Ordinal)}');
        end
        $$;
        create schema {schema}_shard1;
        create schema {schema}_shard2;
        create table {schema}_shard1.orders ({Columns}, primary key (o_orderkey));
        create table {schema}_shard2.orders ({Columns}, primary key (o_orderkey));
        create table {schema}.orders_synced ({Columns}) partition by range (o_orderkey);
        create foreign table {schema}.orders_1 partition of {schema}.orders_synced for values from (minvalue) to (33)
            server {schema}_server options (schema_name '{schema}_shard1', table_name 'orders');
        create foreign table {schema}.orders_2 partition of {schema}.orders_synced for values from (33) to (maxvalue)
            server {schema}_server options (schema_name '{schema}_shard2', table_name 'orders');
        """;

    private static string View(string schema) =>
        $"""
        create table {schema}.orders_kept ({Columns}, primary key (o_orderkey));
        create view {schema}.orders_synced as select * from {schema}.orders_kept;
        """;

    private static string TpchTypes(string schema) =>
        $"""
        create table {schema}.orders_synced (
            o_orderkey integer primary key, o_custkey integer not null, o_orderstatus char(1) not null, o_totalprice decimal(15, 2) not null,
            o_orderdate date not null, o_orderpriority char(15) not null, o_clerk char(15) not null, o_shippriority integer not null,
            o_comment varchar(79) not null)
        """;
}
