using Dapper;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Orders.Application.Orders;
using Orders.Application.Overlay;
using Orders.Infrastructure.Health;
using Orders.Infrastructure.Orders;
using Orders.Infrastructure.Overlay;
using Orders.Infrastructure.Postgres;
using Orders.Infrastructure.Schema;

namespace Orders.Tests.Support;

/// <summary>A separate schema for a test on the test run's server. The search path of its connection string is that schema.</summary>
internal sealed class TestDatabase : IAsyncDisposable
{
    private static int _schemas;
    private readonly ServerDataSource _server;

    private TestDatabase(string schema, StatusChangeMode mode)
    {
        Schema = schema;
        StatusChanges = new StatusChangeOptions
        {
            Mode = mode,
            SyncedTable = new QualifiedName { Schema = schema, Name = "orders_synced" },
            OverlaySchema = $"{schema}_overlay",
        };
        ConnectionString = StatusChanges.Lead(new NpgsqlConnectionStringBuilder(TestRun.ConnectionString) { SearchPath = schema }.ConnectionString);
        _server = OrdersDataSource.Create(ConnectionString);
        Repository = RepositoryOn(_server, mode);
    }

    public string Schema { get; }

    public StatusChangeOptions StatusChanges { get; }

    /// <summary>The arguments that the service needs besides the connection string.</summary>
    public string[] Settings =>
    [
        $"--Orders:StatusChanges={StatusChanges.Mode}",
        $"--Orders:SyncedTable={StatusChanges.SyncedTable}",
        $"--Orders:OverlaySchema={StatusChanges.OverlaySchema}",
    ];

    /// <summary>The table with its schema. With an overlay, the name without a schema is the view over it.</summary>
    public string Table => $"{Schema}.orders_synced";

    public string ConnectionString { get; }

    public NpgsqlDataSource DataSource => _server.Current;

    /// <summary>One for the whole test, as in the service, because it coalesces requests.</summary>
    public OrderRepository Repository { get; }

    public DatabaseConnections Connections => ConnectionsTo(_server);

    public SchemaMigrator Migrator => new(Connections, NullLogger<SchemaMigrator>.Instance);

    public static OrderRepository RepositoryOn(ServerDataSource dataSource, StatusChangeMode mode = StatusChangeMode.Overlay) =>
        RepositoryOn(dataSource, TableReport.Fine, mode);

    /// <summary>The table is taken to be as the report says.</summary>
    public static OrderRepository RepositoryOn(
        ServerDataSource dataSource, TableReport report, StatusChangeMode mode = StatusChangeMode.InPlace) =>
        new(
            new OrdersTable(ConnectionsTo(dataSource), new FixedReport(report), isReadOnly: false, NullLogger<OrdersTable>.Instance),
            new UnreadableOrders(TimeProvider.System, NullLogger<UnreadableOrders>.Instance),
            recordsChanges: mode == StatusChangeMode.Overlay,
            TimeSpan.FromMinutes(1));

    /// <summary>The service's rules on the repository.</summary>
    public OrderService Service(TimeSpan? countMaxAge = null, TimeProvider? time = null) =>
        new(Repository, new CountCache(Repository, countMaxAge ?? TimeSpan.Zero, time ?? TimeProvider.System), Random.Shared);

    public static OrderRepository RepositoryOn(NpgsqlDataSource dataSource, StatusChangeMode mode) =>
        RepositoryOn(new ServerDataSource(_ => dataSource), mode);

    public static DatabaseConnections ConnectionsTo(NpgsqlDataSource dataSource) =>
        ConnectionsTo(new ServerDataSource(_ => dataSource));

    public static DatabaseConnections ConnectionsTo(ServerDataSource dataSource) =>
        new(
            new ServerList([dataSource]), new ConnectionPolicy(TimeSpan.Zero), TableLocation.SearchPath with { Function = OverlayScript.Source },
            new ConsistencyTokens(areUsed: true, TimeProvider.System), TimeProvider.System);

    public StatusOverlay Overlay => new(Connections, StatusChanges, new OverlayCatalog(StatusChanges));

    /// <summary>Creates a schema without a table.</summary>
    public static async Task<TestDatabase> CreateEmptyAsync(StatusChangeMode mode = StatusChangeMode.InPlace)
    {
        string schema = $"test_{Environment.ProcessId}_{Interlocked.Increment(ref _schemas)}";
        var database = new TestDatabase(schema, mode);
        await database.ExecuteAsync($"create schema {schema}");
        return database;
    }

    /// <summary>Creates a schema and the table with an order for each key.</summary>
    public static Task<TestDatabase> CreateAsync(params IEnumerable<long> keys) => CreateAsync(StatusChangeMode.InPlace, keys);

    /// <summary>Creates a schema, the table with an order for each key, and the overlay if the mode needs one.</summary>
    public static Task<TestDatabase> CreateAsync(StatusChangeMode mode, params IEnumerable<long> keys) => CreateAsync(mode, isLocal: false, keys);

    /// <summary>
    /// The same, with the table on the server that is asked, even where that has Citus: for tests of plans, and for those that take triggers
    /// on the table, a view that takes changes, or statements that lock several orders, none of which Citus has.
    /// </summary>
    public static Task<TestDatabase> CreateLocalAsync(StatusChangeMode mode, params IEnumerable<long> keys) => CreateAsync(mode, isLocal: true, keys);

    private static async Task<TestDatabase> CreateAsync(StatusChangeMode mode, bool isLocal, IEnumerable<long> keys)
    {
        TestDatabase database = await CreateEmptyAsync(mode);
        if (mode == StatusChangeMode.Overlay)
        {
            await database.CreateTableAsync();
            await database.InstallOverlayAsync();
        }
        else
        {
            await database.Migrator.MigrateAsync(CancellationToken.None);
            if (!isLocal)
            {
                await database.DistributeAsync();
            }
        }

        await database.InsertAsync(keys);
        return database;
    }

    /// <summary>Creates a schema, and in it a table of the kind with an order for each key.</summary>
    public static async Task<TestDatabase> CreateAsync(TableKind kind, params IEnumerable<long> keys)
    {
        if (kind is TableKind.Plain or TableKind.Overlay)
        {
            return await CreateAsync(kind == TableKind.Overlay ? StatusChangeMode.Overlay : StatusChangeMode.InPlace, keys);
        }

        TestDatabase database = await CreateEmptyAsync();
        var connection = new NpgsqlConnectionStringBuilder(database.ConnectionString);
        await database.ExecuteAsync(TableScript.For(kind, database.Schema, connection.Username!, connection.Password));
        await database.InsertAsync(keys);
        return database;
    }

    /// <summary>Creates the table as a sync creates it.</summary>
    public async Task CreateTableAsync()
    {
        foreach (string script in SchemaScripts.All)
        {
            await ExecuteAsync(script.Replace("orders_synced", Table, StringComparison.Ordinal));
        }
    }

    public async Task InstallOverlayAsync() => await Overlay.RunAsync(await Overlay.PlanInstallAsync(CancellationToken.None), CancellationToken.None);

    /// <summary>On a server with Citus, distributes the table over its workers.</summary>
    private async Task DistributeAsync()
    {
        if (await ScalarAsync<bool>("select exists (select from pg_extension where extname = 'citus')"))
        {
            await ExecuteAsync($"select create_distributed_table('{Table}', 'o_orderkey')");
        }
    }

    /// <summary>An order for each key. A later column with a default gets that.</summary>
    public Task InsertAsync(params IEnumerable<long> keys) => ExecuteAsync(
        $"""
        insert into {Table}
        select key, key / 10 + 1, 'O', key % 100000 + 0.50, date '1996-01-02' + (key % 1000)::int, '5-LOW', 'Clerk#000000001', 0, ' no. ' || key
        from unnest(@keys) as key
        """,
        new { keys = keys.ToArray() });

    public async Task ExecuteAsync(string sql, object? parameters = null)
    {
        await using NpgsqlConnection connection = await DataSource.OpenConnectionAsync();
        await connection.ExecuteAsync(sql, parameters);
    }

    public async Task<T?> ScalarAsync<T>(string sql, object? parameters = null)
    {
        await using NpgsqlConnection connection = await DataSource.OpenConnectionAsync();
        return await connection.ExecuteScalarAsync<T>(sql, parameters);
    }

    /// <summary>Creates a role with only these grants, for example <c>select on x</c>.</summary>
    /// <returns>Its connection string.</returns>
    public async Task<string> CreateRoleAsync(params string[] grants)
    {
        string role = $"{Schema}_role";
        await ExecuteAsync($"create role {role} login password 'only-serves'");
        foreach (string grant in grants)
        {
            await ExecuteAsync($"grant {grant} to {role}");
        }

        return new NpgsqlConnectionStringBuilder(ConnectionString) { Username = role, Password = "only-serves" }.ConnectionString;
    }

    /// <summary>Creates a role with only the rights on the table that the service needs.</summary>
    /// <returns>Its connection string.</returns>
    public Task<string> CreateServingRoleAsync(string rights = "select, update") =>
        CreateRoleAsync($"usage on schema {Schema}", $"{rights} on orders_synced");

    /// <summary>Creates a role that finds the table without a search path in its connection string, and may do with it what it likes.</summary>
    /// <returns>Its connection string.</returns>
    public async Task<string> CreateRoleWithPathAsync()
    {
        var connection = new NpgsqlConnectionStringBuilder(ConnectionString);
        string schemas = connection.SearchPath == Schema ? Schema : $"{Schema}, {connection.SearchPath}";
        var role = new NpgsqlConnectionStringBuilder(
            await CreateRoleAsync($"usage, create on schema {schemas}", $"all on all tables in schema {schemas}"));
        await ExecuteAsync($"alter role {role.Username} set search_path = {role.SearchPath}");
        role.Remove("Search Path");
        return role.ConnectionString;
    }

    public async ValueTask DisposeAsync()
    {
        await ExecuteAsync($"drop schema {Schema} cascade; drop schema if exists {Schema}_overlay cascade; {TableScript.Drop(Schema)}");
        await ExecuteAsync(
            $"do $$ begin if exists (select from pg_roles where rolname = '{Schema}_role') then drop owned by {Schema}_role cascade; drop role {Schema}_role; end if; end $$");
        await _server.DisposeAsync();
    }

    private sealed class FixedReport(TableReport report) : ITableInspector
    {
        public Task<TableReport> InspectAsync(NpgsqlConnection connection, CancellationToken cancellationToken) => Task.FromResult(report);
    }
}
