using Dapper;
using Npgsql;

namespace Orders.Infrastructure.Persistence;

/// <summary>Changes the statuses of orders, several at once, where changes are not recorded.</summary>
internal static class StatusStatement
{
    /// <summary>
    /// Answers true to the changes that were made, durably. The others were not: each is to be tried by itself, which waits for its
    /// order or tells what is the matter.
    /// </summary>
    public static async Task RunAsync(
        DatabaseConnections database, IReadOnlyList<StatusUpdate> changes, Action<int, bool> answer, CancellationToken cancellationToken)
    {
        // An order that somebody has locked is passed over: to wait for it would hold up the others, and could end in a deadlock. Of two
        // changes of one order, one is made. The subselects hide the number of changes from the planner, who would otherwise plan each anew.
        const string sql =
            """
            update orders_synced as changed
            set o_orderstatus = change.status
            from (select free.o_orderkey, asked.status, asked.place
                  from unnest((select $1)::bigint[], (select $2)::text[]) with ordinality as asked (key, status, place)
                  join orders_synced as free on free.o_orderkey = asked.key
                  for no key update of free skip locked) as change
            where changed.o_orderkey = change.o_orderkey
            returning change.place
            """;

        HashSet<long> made = [];
        try
        {
            made = await database.WriteAsync(
                async connection =>
                {
                    PositionalParameters parameters = new PositionalParameters()
                        .AddArray(changes, change => change.OrderKey)
                        .AddArray(changes, change => change.Status);
                    var command = new CommandDefinition(sql, parameters, cancellationToken: cancellationToken);
                    return (await connection.QueryAsync<long>(command)).ToHashSet();
                },
                cancellationToken);
        }
        catch (PostgresException exception) when (MayBeOfOne(exception))
        {
            // A change that the table refuses has undone the others with it.
        }

        for (int place = 0; place < changes.Count; place++)
        {
            answer(place, made.Contains(place + 1));
        }
    }

    /// <summary>Not of the connection, the server's resources, an operator or the system (SQLSTATE classes 08, 53, 57 and 58).</summary>
    private static bool MayBeOfOne(PostgresException exception) =>
        exception.SqlState is not (['0', '8', ..] or ['5', '3' or '7' or '8', ..]);
}
