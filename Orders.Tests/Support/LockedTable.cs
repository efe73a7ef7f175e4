using Dapper;
using Npgsql;

namespace Orders.Tests.Support;

/// <summary>Holds a lock on the orders table that blocks all other statements on it.</summary>
internal sealed class LockedTable : IAsyncDisposable
{
    private readonly TestDatabase _database;
    private readonly NpgsqlConnection _connection;
    private bool _held = true;

    private LockedTable(TestDatabase database, NpgsqlConnection connection) => (_database, _connection) = (database, connection);

    public static async Task<LockedTable> TakeAsync(TestDatabase database)
    {
        NpgsqlConnection connection = await database.DataSource.OpenConnectionAsync();
        await connection.ExecuteAsync($"begin; lock table {database.Table} in access exclusive mode");
        return new LockedTable(database, connection);
    }

    public Task WaitForBlockedAsync(int statements = 1) => WaitAsync(blocked => blocked >= statements);

    public Task WaitForNoneBlockedAsync() => WaitAsync(blocked => blocked == 0);

    public async ValueTask DisposeAsync()
    {
        if (_held)
        {
            _held = false;
            await _connection.ExecuteAsync("rollback");
            await _connection.DisposeAsync();
        }
    }

    private async Task WaitAsync(Func<long, bool> enough)
    {
        const string sql = "select count(*) from pg_locks where relation = to_regclass(@Table) and not granted";

        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        while (!enough(await _database.ScalarAsync<long>(sql, new { _database.Table })))
        {
            Assert.That(deadline.IsCancellationRequested, Is.False, "The number of waiting statements did not change in time.");
        }
    }
}
