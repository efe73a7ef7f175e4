using Dapper;
using Npgsql;
using Orders.Infrastructure.Health;
using Orders.Infrastructure.Postgres;

namespace Orders.Infrastructure.Orders;

/// <summary>Changes several statuses in one transaction, in a table that does not record changes.</summary>
internal static class StatusBatch
{
    /// <summary>The changes to one status. A change of a locked order, or of one that is not there, is left out.</summary>
    private const string Update =
        """
        update orders_synced
        set o_orderstatus = $1
        where o_orderkey in (select o_orderkey from orders_synced where o_orderkey = any($2) for no key update skip locked)
        returning o_orderkey::bigint
        """;

    /// <summary>Gives up after 100 ms whatever else a trigger may wait for: one change must not hold up the others.</summary>
    private const string LimitWaiting = "select set_config('lock_timeout', '100', true)";

    public static async Task RunAsync(
        OrdersTable table, IReadOnlyList<StatusUpdate> updates, Action<int, BatchUpdateResult> setResult,
        CancellationToken cancellationToken)
    {
        // The changes came at the same time, so of several of one order any may be the last.
        Dictionary<long, string> statuses = new(updates.Count);
        foreach (StatusUpdate update in updates)
        {
            statuses[update.OrderKey] = update.Status;
        }

        HashSet<long> updated;
        try
        {
            updated = await UpdateAsync(table, statuses, cancellationToken);
        }
        catch (Exception exception) when (IsOfOneChange(exception) || IsOfStatement(exception))
        {
            // Alone, each change meets its own error.
            SetResults(_ => IsOfStatement(exception) ? BatchUpdateResult.NotPlanned : BatchUpdateResult.RunAlone);
            return;
        }

        // Those that are made are told so before anything else can fail.
        SetResults(key => updated.Contains(key) ? BatchUpdateResult.Updated : null);
        if (updated.Count < statuses.Count)
        {
            long[] others = [.. statuses.Keys.Except(updated)];
            HashSet<long> existing = await table.ReadAsync(
                connection => FindAsync(connection, others, cancellationToken), cancellationToken);
            SetResults(key => updated.Contains(key) ? null
                : existing.Contains(key) ? BatchUpdateResult.RunAlone
                : BatchUpdateResult.OrderNotFound);
        }

        void SetResults(Func<long, BatchUpdateResult?> resultOf)
        {
            for (int index = 0; index < updates.Count; index++)
            {
                if (resultOf(updates[index].OrderKey) is { } result)
                {
                    setResult(index, result);
                }
            }
        }
    }

    /// <summary>One round trip and one transaction, with a statement for each of the statuses.</summary>
    /// <returns>The orders that were changed.</returns>
    private static Task<HashSet<long>> UpdateAsync(
        OrdersTable table, Dictionary<long, string> statuses, CancellationToken cancellationToken)
    {
        IGrouping<string, long>[] groups = [.. statuses.GroupBy(change => change.Value, change => change.Key)];
        return table.WriteAsync(
            batch =>
            {
                batch.BatchCommands.Add(new NpgsqlBatchCommand(LimitWaiting));
                foreach (IGrouping<string, long> changes in groups)
                {
                    batch.BatchCommands.Add(new NpgsqlBatchCommand(Update).With(changes.Key).With<long[]>([.. changes]));
                }
            },
            async (_, reader) =>
            {
                HashSet<long> updated = new(statuses.Count);
                for (int statement = 0; statement < groups.Length; statement++)
                {
                    await reader.NextResultAsync(cancellationToken);
                    while (await reader.ReadAsync(cancellationToken))
                    {
                        updated.Add(reader.GetInt64(0));
                    }
                }

                return updated;
            },
            cancellationToken);
    }

    private static async Task<HashSet<long>> FindAsync(NpgsqlConnection connection, long[] keys, CancellationToken cancellationToken)
    {
        const string sql = "select o_orderkey::bigint from orders_synced where o_orderkey = any($1)";
        var command = new CommandDefinition(sql, new PositionalParameters().Add(keys), cancellationToken: cancellationToken);
        return [.. await connection.QueryAsync<long>(command)];
    }

    /// <summary>
    /// One change that the table refuses, or a lock, undoes the whole statement. The other errors would meet each change alone.
    /// </summary>
    public static bool IsOfOneChange(Exception exception) =>
        SqlStates.KindOf(exception) == ErrorKind.WrongRow || (
            SqlStates.KindOf(exception) == ErrorKind.TryAgain && !SqlStates.IsUnsupported(exception))
        || SqlStates.IsLockTimeout(exception);

    /// <summary>PostgreSQL can't plan it, or it takes rights that a change alone does not.</summary>
    public static bool IsOfStatement(Exception exception) =>
        SqlStates.KindOf(exception) is ErrorKind.WrongTable or ErrorKind.NotAllowed || SqlStates.IsUnsupported(exception);
}

/// <summary>A new status for an order.</summary>
internal readonly record struct StatusUpdate(long OrderKey, string Status);

/// <summary>The result of a change in a shared statement.</summary>
internal enum BatchUpdateResult
{
    Updated,
    OrderNotFound,

    /// <summary>Not changed, for a lock or an error that may be this change's or another's. It is to run alone.</summary>
    RunAlone,

    /// <summary>Not changed: PostgreSQL can't plan the statement. Changes are to run alone.</summary>
    NotPlanned,
}
