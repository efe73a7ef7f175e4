using Dapper;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Orders.Infrastructure.Persistence;

namespace Orders.Tests.Support;

/// <summary>A schema of a test's own on the run's server, which its connection string leads to by the search path.</summary>
internal sealed class TestDatabase : IAsyncDisposable
{
    private static int _schemas;

    private TestDatabase(string schema)
    {
        Schema = schema;
        ConnectionString = new NpgsqlConnectionStringBuilder(TestRun.ConnectionString) { SearchPath = schema }.ConnectionString;
        DataSource = OrdersDataSource.Create(ConnectionString);
    }

    public string Schema { get; }

    public string ConnectionString { get; }

    public NpgsqlDataSource DataSource { get; }

    public OrderRepository Repository => new(ConnectionsTo(DataSource));

    public SchemaMigrator Migrator => new(ConnectionsTo(DataSource), NullLogger<SchemaMigrator>.Instance);

    public static DatabaseConnections ConnectionsTo(NpgsqlDataSource dataSource) => new(dataSource, new ServerRules(TimeSpan.Zero), TimeProvider.System);

    /// <summary>With no table yet.</summary>
    public static async Task<TestDatabase> CreateEmptyAsync()
    {
        string schema = $"test_{Environment.ProcessId}_{Interlocked.Increment(ref _schemas)}";
        var database = new TestDatabase(schema);
        await database.ExecuteAsync($"create schema {schema}");
        return database;
    }

    /// <summary>With the table, and in it an order for each of these keys.</summary>
    public static async Task<TestDatabase> CreateAsync(params IEnumerable<long> keys)
    {
        TestDatabase database = await CreateEmptyAsync();
        await database.Migrator.MigrateAsync(CancellationToken.None);
        await database.InsertAsync(keys);
        return database;
    }

    public Task InsertAsync(params IEnumerable<long> keys) => ExecuteAsync(
        """
        insert into orders_synced
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

    /// <summary>A role that may do with the table what serving takes and nothing else; its connection string.</summary>
    public async Task<string> CreateServingRoleAsync(string rights = "select, update")
    {
        string role = $"{Schema}_role";
        await ExecuteAsync(
            $"create role {role} login password 'only-serves'; grant usage on schema {Schema} to {role}; grant {rights} on orders_synced to {role}");
        return new NpgsqlConnectionStringBuilder(ConnectionString) { Username = role, Password = "only-serves" }.ConnectionString;
    }

    public async ValueTask DisposeAsync()
    {
        await ExecuteAsync($"drop schema {Schema} cascade");
        await ExecuteAsync(
            $"do $$ begin if exists (select from pg_roles where rolname = '{Schema}_role') then drop owned by {Schema}_role; drop role {Schema}_role; end if; end $$");
        await DataSource.DisposeAsync();
    }
}
