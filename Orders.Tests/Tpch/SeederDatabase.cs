using Dapper;
using Npgsql;

namespace Orders.Tests.Tpch;

/// <summary>An empty orders table in a separate schema on the test run's server. Disposing drops the schema.</summary>
internal sealed class SeederDatabase : IAsyncDisposable
{
    private readonly string _schema;
    private readonly string _connectionString;

    private SeederDatabase(string schema, string connectionString)
    {
        _schema = schema;
        _connectionString = connectionString;
        DataSource = NpgsqlDataSource.Create(connectionString);
    }

    public NpgsqlDataSource DataSource { get; }

    public static async Task<SeederDatabase> CreateAsync()
    {
        string schema = $"seeder_{Guid.NewGuid():N}";
        string connectionString = new NpgsqlConnectionStringBuilder(TestRun.ConnectionString) { SearchPath = schema, ApplicationName = schema }.ConnectionString;
        var database = new SeederDatabase(schema, connectionString);
        await database.ExecuteAsync(
            $"""
            create schema {schema};
            create table orders_synced (
                o_orderkey bigint not null primary key, o_custkey bigint not null, o_orderstatus text not null, o_totalprice numeric(18, 2) not null,
                o_orderdate date not null, o_orderpriority text not null, o_clerk text not null, o_shippriority integer not null, o_comment text not null)
            """);
        return database;
    }

    /// <summary>A data source for the same schema with other connection settings.</summary>
    public NpgsqlDataSource Connect(Action<NpgsqlConnectionStringBuilder> change)
    {
        var builder = new NpgsqlConnectionStringBuilder(_connectionString);
        change(builder);
        return NpgsqlDataSource.Create(builder);
    }

    /// <summary>Creates a role that may use the schema and has <paramref name="rights"/> on the table. Disposing drops it.</summary>
    public async Task<string> CreateRoleAsync(string rights)
    {
        string role = $"{_schema}_role";
        await ExecuteAsync($"create role {role} login; grant usage on schema {_schema} to {role}; grant {rights} on orders_synced to {role}");
        return role;
    }

    public async Task ExecuteAsync(string sql)
    {
        await using NpgsqlConnection connection = await DataSource.OpenConnectionAsync();
        await connection.ExecuteAsync(sql);
    }

    public async Task<T> ScalarAsync<T>(string sql)
    {
        await using NpgsqlConnection connection = await DataSource.OpenConnectionAsync();
        return (await connection.ExecuteScalarAsync<T>(sql))!;
    }

    public async Task AddOldOrderAsync() =>
        await ExecuteAsync("insert into orders_synced values (5, 1, 'X', 1.50, '2000-01-01', '5-LOW', 'Clerk#000000001', 0, 'old')");

    /// <summary>The whole table in dbgen's format.</summary>
    public async Task<string> TextAsync()
    {
        await using NpgsqlConnection connection = await DataSource.OpenConnectionAsync();
        using NpgsqlCopyTextReader reader = await connection.BeginTextExportAsync(
            "copy (select * from orders_synced order by o_orderkey) to stdout (format text, delimiter '|')");
        return await reader.ReadToEndAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await ExecuteAsync(
            $"""
            drop schema {_schema} cascade;
            drop role if exists {_schema}_role
            """);
        await DataSource.DisposeAsync();
    }
}
