using System.Globalization;
using Npgsql;
using NpgsqlTypes;

namespace Orders.Infrastructure.Postgres;

/// <summary>The statements that ask a server where it is in the write-ahead log.</summary>
internal static class WalStatements
{
    /// <summary>
    /// For the same round trip as a read. The session remembers whose it is, because the functions that tell it read a file each time.
    /// </summary>
    private const string Replayed =
        """
        select pg_is_in_recovery(), current_setting('orders.wal', true), coalesce(pg_last_wal_replay_lsn(), '0/0'),
               coalesce(pg_last_wal_replay_lsn() >= pg_last_wal_receive_lsn(), true)
        """;

    /// <summary>The timeline of a standby is that of its last restart point: it may be told late, and never too early.</summary>
    private const string Remember =
        """
        select set_config('orders.wal', system_identifier || '/' || timeline_id, false)
        from pg_control_system(), pg_control_checkpoint()
        """;

    /// <summary>
    /// The place that is being written next, so it is behind every commit that has ended. What is flushed may be behind one, where
    /// synchronous_commit is off. A standby has no such place, and must not fail here: the error of the change says that it is one.
    /// </summary>
    private const string Written =
        """
        select system_identifier as wal_system, pg_walfile_name(pg_current_wal_insert_lsn()), pg_current_wal_insert_lsn()
        from pg_control_system()
        where not pg_is_in_recovery()
        """;

    private const string SystemColumn = "wal_system";

    /// <summary>Asks before the statements of a read, so that these see no less than the answer says.</summary>
    public static void AskReplayed(NpgsqlBatch batch) => batch.BatchCommands.Add(new NpgsqlBatchCommand(Replayed));

    /// <summary>Reads the answer, the first of the batch.</summary>
    /// <param name="reader">The batch's.</param>
    /// <param name="required">What the read has to show.</param>
    /// <param name="isAllEnough">There is no primary: a standby that has replayed all that it has got shows what can be shown.</param>
    /// <param name="cancellationToken">The caller's token.</param>
    /// <returns>Whether the server shows what is before the position, and whether it has to be asked anew whose log it replays.</returns>
    public static async Task<(bool IsReached, bool IsForgotten)> ReadReplayedAsync(
        NpgsqlDataReader reader, WalPosition required, bool isAllEnough, CancellationToken cancellationToken)
    {
        await reader.ReadAsync(cancellationToken);
        if (!reader.GetBoolean(0) || (isAllEnough && reader.GetBoolean(3)))
        {
            return (true, false);
        }

        string log = await reader.IsDBNullAsync(1, cancellationToken) ? "" : reader.GetString(1);
        int separator = log.IndexOf('/', StringComparison.Ordinal);
        if (separator < 0)
        {
            return (false, true);
        }

        var replayed = new WalPosition(
            (ulong)long.Parse(log.AsSpan(0, separator), CultureInfo.InvariantCulture),
            uint.Parse(log.AsSpan(separator + 1), CultureInfo.InvariantCulture),
            (ulong)reader.GetFieldValue<NpgsqlLogSequenceNumber>(2));
        return (replayed.HasReached(required), replayed.System == required.System && replayed.Timeline < required.Timeline);
    }

    /// <summary>Has the session remember whose log its server replays.</summary>
    public static async Task RememberAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Remember, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Asks after the commit of the statements in the batch, which are a transaction of their own then.</summary>
    public static void AskWritten(NpgsqlBatch batch)
    {
        batch.BatchCommands[^1].AppendErrorBarrier = true;
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Written));
    }

    /// <summary>Reads the answer, the last of the batch.</summary>
    public static async Task<WalPosition?> ReadWrittenAsync(NpgsqlDataReader reader, CancellationToken cancellationToken)
    {
        while (reader.FieldCount == 0 || reader.GetName(0) != SystemColumn)
        {
            if (!await reader.NextResultAsync(cancellationToken))
            {
                return null;
            }
        }

        return await reader.ReadAsync(cancellationToken) ? ToPosition(reader) : null;
    }

    /// <summary>Where a primary is; null when the server does not tell.</summary>
    public static async Task<WalPosition?> FindWrittenAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        try
        {
            await using var command = new NpgsqlCommand(Written, connection);
            await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken);
            return await ReadWrittenAsync(reader, cancellationToken);
        }
        catch (PostgresException)
        {
            // Another engine, which has no such log or shows it to nobody, or a role without the right.
            return null;
        }
    }

    /// <summary>How far a standby has replayed; null when the server does not tell.</summary>
    public static async Task<ulong?> FindReplayedAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        const string sql = "select pg_last_wal_replay_lsn()";
        try
        {
            await using var command = new NpgsqlCommand(sql, connection);
            return await command.ExecuteScalarAsync(cancellationToken) is NpgsqlLogSequenceNumber place ? (ulong)place : null;
        }
        catch (PostgresException)
        {
            // As above.
            return null;
        }
    }

    /// <summary>The name of a file of the log begins with the timeline, in eight hexadecimal digits.</summary>
    private static WalPosition ToPosition(NpgsqlDataReader row) => new(
        (ulong)row.GetInt64(0),
        uint.Parse(row.GetString(1).AsSpan(0, 8), NumberStyles.HexNumber, CultureInfo.InvariantCulture),
        (ulong)row.GetFieldValue<NpgsqlLogSequenceNumber>(2));
}
