using Dapper;
using Npgsql;

namespace Orders.Infrastructure.Tpch;

/// <summary>The statements of a load. None of them has a time limit: how long they take depends on the scale factor alone.</summary>
internal sealed class OrderTable(NpgsqlConnection connection)
{
    public Task LiftTimeLimitsAsync(CancellationToken cancellationToken)
    {
        const string sql = "set statement_timeout = 0; set lock_timeout = 0; set idle_in_transaction_session_timeout = 0";
        return ExecuteAsync(sql, cancellationToken);
    }

    public Task<bool> HasRowsAsync(CancellationToken cancellationToken)
    {
        const string sql = "select exists (select from orders_synced)";
        return connection.ExecuteScalarAsync<bool>(Unlimited(sql, cancellationToken));
    }

    /// <summary>Until the transaction ends, readers go on and writers wait, other loads among them.</summary>
    public Task LockAgainstWritersAsync(CancellationToken cancellationToken)
    {
        const string sql = "lock table orders_synced in exclusive mode";
        return ExecuteAsync(sql, cancellationToken);
    }

    // Not truncate: it waits for readers, makes new ones wait, and shows transactions with an older snapshot an empty table.
    public Task RemoveAllAsync(CancellationToken cancellationToken)
    {
        const string sql = "delete from orders_synced";
        return ExecuteAsync(sql, cancellationToken);
    }

    /// <summary>Runs <paramref name="write"/> on the stream of a COPY, which fails as a whole when it fails.</summary>
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
            await AbandonAsync(copy);
            throw;
        }

        // The end of the COPY: errors the server found on the way come to light here.
        await copy.DisposeAsync();
    }

    /// <summary>Makes the table's pages visible to index-only scans and its size known to the planner.</summary>
    public Task VacuumAsync(CancellationToken cancellationToken)
    {
        const string sql = "vacuum (analyze) orders_synced";
        return ExecuteAsync(sql, cancellationToken);
    }

    /// <summary>The directory of the server's data, or null when this user may not know.</summary>
    public async Task<string?> DataDirectoryAsync(CancellationToken cancellationToken)
    {
        const string sql =
            "select case when pg_has_role('pg_read_all_settings', 'usage') then current_setting('data_directory') end";
        return await connection.ExecuteScalarAsync<string?>(Unlimited(sql, cancellationToken));
    }

    private static CommandDefinition Unlimited(string sql, CancellationToken cancellationToken) =>
        new(sql, commandTimeout: 0, cancellationToken: cancellationToken);

    private static async Task AbandonAsync(NpgsqlRawCopyStream copy)
    {
        try
        {
            await copy.CancelAsync();
        }
        catch (Exception e) when (e is NpgsqlException or IOException or ObjectDisposedException)
        {
            // The connection is gone or the server has failed the COPY already; the first error is the one to tell.
        }
    }

    private Task<int> ExecuteAsync(string sql, CancellationToken cancellationToken) => connection.ExecuteAsync(Unlimited(sql, cancellationToken));
}
