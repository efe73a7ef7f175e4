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

    /// <summary>
    /// Runs <paramref name="write"/> on the stream of a COPY, with the format of that. If it throws, the COPY is cancelled and inserts
    /// no rows.
    /// </summary>
    public async Task CopyAsync(Func<OrderFormat, Stream, Task> write, CancellationToken cancellationToken)
    {
        bool isBinary = await TakesBinaryAsync(cancellationToken);
        NpgsqlRawCopyStream copy = isBinary
            ? await connection.BeginRawBinaryCopyAsync(CopyFormat.BinaryStatement, cancellationToken)
            : (NpgsqlRawCopyStream)(await connection.BeginTextImportAsync(CopyFormat.TextStatement, cancellationToken)).BaseStream;
        copy.ReadTimeout = 0;
        copy.WriteTimeout = 0;
        try
        {
            await write(isBinary ? CopyFormat.Instance : TblFormat.Instance, copy);
        }
        catch
        {
            await CancelAsync(copy);
            throw;
        }

        // This ends the COPY. It throws the errors that the server found meanwhile.
        await copy.DisposeAsync();
    }

    /// <summary>Binary is faster, and converts nothing: each column has to be of the type that is sent.</summary>
    private Task<bool> TakesBinaryAsync(CancellationToken cancellationToken)
    {
        const string sql =
            """
            select count(*) = 9
            from pg_attribute
            where attrelid = 'orders_synced'::regclass
              and case
                    when attname in ('o_orderkey', 'o_custkey') then atttypid = 'bigint'::regtype
                    when attname in ('o_orderstatus', 'o_orderpriority', 'o_clerk', 'o_comment')
                        then atttypid in ('text'::regtype, 'varchar'::regtype, 'bpchar'::regtype)
                    when attname = 'o_totalprice' then atttypid = 'numeric'::regtype
                    when attname = 'o_orderdate' then atttypid = 'date'::regtype
                    when attname = 'o_shippriority' then atttypid = 'integer'::regtype
                  end
            """;
        return connection.ExecuteScalarAsync<bool>(Unlimited(sql, cancellationToken));
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
