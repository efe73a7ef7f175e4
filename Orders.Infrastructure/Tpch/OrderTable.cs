using Dapper;
using Npgsql;

namespace Orders.Infrastructure.Tpch;

/// <summary>The SQL statements of a load. None has a time limit, because their duration depends on the scale factor.</summary>
internal sealed class OrderTable(NpgsqlConnection connection)
{
    public Task LiftTimeLimitsAsync(CancellationToken cancellationToken)
    {
        const string sql = "set statement_timeout = 0; set lock_timeout = 0; set idle_in_transaction_session_timeout = 0";
        return ExecuteAsync(sql, cancellationToken);
    }

    public Task<bool> HasRowsAsync(CancellationToken cancellationToken)
    {
        const string sql = "select exists (select o_orderkey from orders_synced)";
        return connection.ExecuteScalarAsync<bool>(Unlimited(sql, cancellationToken));
    }

    /// <summary>Blocks writers, including other loads, until the transaction ends. Readers are not blocked.</summary>
    public Task LockAgainstWritersAsync(CancellationToken cancellationToken)
    {
        const string sql = "lock table orders_synced in exclusive mode";
        return ExecuteAsync(sql, cancellationToken);
    }

    // Not truncate, which waits for readers, blocks new ones, and shows an empty table to transactions with an older snapshot.
    public Task RemoveAllAsync(CancellationToken cancellationToken)
    {
        const string sql = "delete from orders_synced";
        return ExecuteAsync(sql, cancellationToken);
    }

    /// <summary>Runs <paramref name="write"/> on the stream of a COPY. If it throws, the COPY is cancelled and inserts no rows.</summary>
    public async Task CopyAsync(Func<Stream, Task> write, CancellationToken cancellationToken)
    {
        NpgsqlRawCopyStream copy = await connection.BeginRawBinaryCopyAsync(CopyFormat.CopyStatement, cancellationToken);
        copy.ReadTimeout = 0;
        copy.WriteTimeout = 0;
        try
        {
            await write(copy);
        }
        catch
        {
            await CancelAsync(copy);
            throw;
        }

        // This ends the COPY. It throws the errors that the server found meanwhile.
        await copy.DisposeAsync();
    }

    /// <summary>Marks the pages as visible to all, which index-only scans need, and gives the planner statistics.</summary>
    public Task VacuumAsync(CancellationToken cancellationToken)
    {
        const string sql = "vacuum (analyze) orders_synced";
        return ExecuteAsync(sql, cancellationToken);
    }

    /// <summary>The server's data directory; null when the role may not read that setting.</summary>
    public async Task<string?> DataDirectoryAsync(CancellationToken cancellationToken)
    {
        const string sql =
            "select case when pg_has_role('pg_read_all_settings', 'usage') then current_setting('data_directory') end";
        return await connection.ExecuteScalarAsync<string?>(Unlimited(sql, cancellationToken));
    }

    private static CommandDefinition Unlimited(string sql, CancellationToken cancellationToken) =>
        new(sql, commandTimeout: 0, cancellationToken: cancellationToken);

    private static async Task CancelAsync(NpgsqlRawCopyStream copy)
    {
        try
        {
            await copy.CancelAsync();
        }
        catch (Exception e) when (e is NpgsqlException or IOException or ObjectDisposedException)
        {
            // The connection is lost, or the server has already failed the COPY. The caller reports the first error.
        }
    }

    private Task<int> ExecuteAsync(string sql, CancellationToken cancellationToken) =>
        connection.ExecuteAsync(Unlimited(sql, cancellationToken));
}
