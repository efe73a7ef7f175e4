using Dapper;
using Npgsql;
using Orders.Infrastructure.Postgres;

namespace Orders.Infrastructure.Orders;

/// <summary>Changes the statuses of orders, several at once, where changes are not recorded.</summary>
internal static class StatusStatement
{
    public static async Task RunAsync(
        DatabaseConnections database, IReadOnlyList<StatusUpdate> updates, Action<int, StatusOutcome> answer, CancellationToken cancellationToken)
    {
        // An order that somebody has locked is passed over, and whatever else a trigger may wait for is given up after 100 ms: one change
        // is not to hold up the others. What is answered are the orders that were not changed, and which of them exist.
        // The subselects hide the number of changes from the planner, who would otherwise plan each anew.
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

        // They come at the same time, so of several changes of one order the last one is as if it had come after the others.
        Dictionary<long, string> asked = new(updates.Count);
        foreach (StatusUpdate update in updates)
        {
            asked[update.OrderKey] = update.Status;
        }

        Dictionary<long, StatusOutcome> others = [];
        StatusOutcome outcome = StatusOutcome.Made;
        try
        {
            others = await database.WriteAsync(
                async connection =>
                {
                    PositionalParameters parameters = new PositionalParameters().Add(asked.Keys.ToArray()).Add(asked.Values.ToArray());
                    var command = new CommandDefinition(sql, parameters, cancellationToken: cancellationToken);
                    return (await connection.QueryAsync<(long Key, bool Exists)>(command))
                        .ToDictionary(other => other.Key, other => other.Exists ? StatusOutcome.Undone : StatusOutcome.OrderNotFound);
                },
                cancellationToken);
        }
        catch (PostgresException exception) when (MayBeOfOne(exception))
        {
            outcome = StatusOutcome.Undone;
        }
        catch (PostgresException exception) when (IsOfStatement(exception))
        {
            outcome = StatusOutcome.Unplannable;
        }

        for (int place = 0; place < updates.Count; place++)
        {
            answer(place, others.GetValueOrDefault(updates[place].OrderKey, outcome));
        }
    }

    /// <summary>
    /// One change that the table refuses undoes all others of the statement: data, constraints, triggers, conflicts, locks (SQLSTATE
    /// classes 22, 23, 27, 40, 44, 55, P0; a damaged row). After other errors it can't be known what happened, or each would fail.
    /// </summary>
    private static bool MayBeOfOne(PostgresException exception) =>
        exception.SqlState is ['2', '2' or '3' or '7', ..] or ['4', '0' or '4', ..] or ['5', '5', ..] or ['P', '0', ..] or PostgresErrorCodes.DataCorrupted;

    /// <summary>A feature that is missing, or a right, or what the statement names (SQLSTATE classes 0A and 42).</summary>
    private static bool IsOfStatement(PostgresException exception) => exception.SqlState is ['0', 'A', ..] or ['4', '2', ..];
}
