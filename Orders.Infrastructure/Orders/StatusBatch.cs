using Dapper;
using Orders.Infrastructure.Postgres;

namespace Orders.Infrastructure.Orders;

/// <summary>The statement that changes several statuses, for a table that does not record changes.</summary>
internal static class StatusBatch
{
    public static async Task RunAsync(
        DatabaseConnections database, IReadOnlyList<StatusUpdate> updates, Action<int, BatchUpdateResult> setResult,
        CancellationToken cancellationToken)
    {
        // It leaves out locked orders, and gives up after 100 ms whatever else a trigger may wait for: one change must not hold up the
        // others. It returns the orders that it did not change, and which of them exist.
        // The subselects hide the number of changes from the planner, which would otherwise plan each number anew.
        const string sql =
            """
            with asked as (
                select *
                from unnest((select $1 from set_config('lock_timeout', '100', true))::bigint[], (select $2)::text[]) as asked (key, status)
            ), made as (
                update orders_synced as changed
                set o_orderstatus = change.status
                from (select free.o_orderkey, asked.status
                      from asked
                      join orders_synced as free on free.o_orderkey = asked.key
                      for no key update of free skip locked) as change
                where changed.o_orderkey = change.o_orderkey
                returning changed.o_orderkey
            )
            select asked.key, exists (select from orders_synced where o_orderkey = asked.key)
            from asked
            where not exists (select from made where o_orderkey = asked.key)
            """;

        // The changes came at the same time, so of several of one order any may be the last.
        Dictionary<long, string> statuses = new(updates.Count);
        foreach (StatusUpdate update in updates)
        {
            statuses[update.OrderKey] = update.Status;
        }

        Dictionary<long, BatchUpdateResult> unchanged = [];
        BatchUpdateResult result = BatchUpdateResult.Updated;
        try
        {
            unchanged = await database.WriteAsync(
                async connection =>
                {
                    PositionalParameters parameters =
                        new PositionalParameters().Add(statuses.Keys.ToArray()).Add(statuses.Values.ToArray());
                    var command = new CommandDefinition(sql, parameters, cancellationToken: cancellationToken);
                    return (await connection.QueryAsync<(long Key, bool Exists)>(command))
                        .ToDictionary(
                            order => order.Key, order => order.Exists ? BatchUpdateResult.RunAlone : BatchUpdateResult.OrderNotFound);
                },
                cancellationToken);
        }
        catch (Exception exception) when (IsOfOneChange(exception))
        {
            result = BatchUpdateResult.RunAlone;
        }
        catch (Exception exception) when (IsOfStatement(exception))
        {
            result = BatchUpdateResult.NotPlanned;
        }

        for (int index = 0; index < updates.Count; index++)
        {
            setResult(index, unchanged.GetValueOrDefault(updates[index].OrderKey, result));
        }
    }

    /// <summary>
    /// One change that the table refuses, or a lock, undoes the whole statement. The other errors would meet each change alone.
    /// </summary>
    private static bool IsOfOneChange(Exception exception) =>
        SqlStates.KindOf(exception) == ErrorKind.WrongRow || (
            SqlStates.KindOf(exception) == ErrorKind.TryAgain && !SqlStates.IsUnsupported(exception))
        || SqlStates.IsLockTimeout(exception);

    /// <summary>PostgreSQL can't plan it, or it takes rights that a change alone does not.</summary>
    private static bool IsOfStatement(Exception exception) =>
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

    /// <summary>Not changed. PostgreSQL can't plan the shared statement.</summary>
    NotPlanned,
}
