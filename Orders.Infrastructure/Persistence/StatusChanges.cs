using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using Dapper;
using Npgsql;
using Orders.Application;
using Orders.Domain;
using Orders.Infrastructure.Overlay;

namespace Orders.Infrastructure.Persistence;

/// <summary>
/// Makes changes of status: a few at a time each by itself, and more than that in statements that they share, so that one commit and
/// one flush serve all that wait.
/// </summary>
/// <remarks>
/// In a shared statement nobody waits for anybody's lock. A change that it does not make for one, or that the table refuses, is
/// tried by itself, which waits, or tells what is the matter; that takes half of the pool at most, so that locked orders hold up no
/// reads. Where changes are recorded, each is by itself.
/// </remarks>
[SuppressMessage("Design", "CA1001", Justification = "A semaphore whose wait handle nobody asks for has nothing to dispose of.")]
internal sealed class StatusChanges(DatabaseConnections database, StatusChangeMode mode)
{
    /// <summary>Up to so many at a time are as fast by themselves.</summary>
    private const int Few = 4;

    /// <summary>For how long nothing is shared where PostgreSQL can't plan a shared statement: over some views, say.</summary>
    private const int SecondsApart = 60;

    private readonly SharedStatements<StatusUpdate, Outcome> _shared = new(
        database.Time,
        maxStatements: 1,
        maxSize: 50,
        static _ => 1,
        (updates, answer, cancelled) => UpdateTogetherAsync(database, updates, answer, cancelled));

    private readonly SemaphoreSlim _byThemselves = new(int.Max(1, database.Settings.MaxPoolSize / 2));
    private readonly int _few = int.Min(Few, int.Max(1, database.Settings.MaxPoolSize / 2));

    /// <summary>As for a pooled connection. In the driver's settings 0 is no limit.</summary>
    private readonly TimeSpan _turn = database.Settings.Timeout is > 0 and var seconds ? TimeSpan.FromSeconds(seconds) : Timeout.InfiniteTimeSpan;

    private int _underWay;
    private long _apartUntil;

    private enum Outcome
    {
        Made,
        OrderNotFound,

        /// <summary>Not made, for what may be a reason of its own or another's.</summary>
        Undone,

        /// <summary>Not made, nor will others be in one statement.</summary>
        Unplannable,
    }

    /// <inheritdoc cref="Orders.Application.IOrderRepository.UpdateStatusAsync"/>
    public async Task<bool> UpdateAsync(long orderKey, OrderStatus status, string? changedBy, CancellationToken cancellationToken)
    {
        if (mode == StatusChangeMode.Overlay)
        {
            return await UpdateByItselfAsync(orderKey, status, changedBy, cancellationToken);
        }

        bool shares = Interlocked.Increment(ref _underWay) > _few && database.Time.GetTimestamp() >= Volatile.Read(ref _apartUntil);
        try
        {
            Outcome outcome = shares ? await _shared.AskAsync(new StatusUpdate(orderKey, status.Code), cancellationToken) : Outcome.Undone;
            if (outcome == Outcome.Unplannable)
            {
                Volatile.Write(ref _apartUntil, database.Time.GetTimestamp() + (SecondsApart * database.Time.TimestampFrequency));
            }

            return outcome switch
            {
                Outcome.Made => true,
                Outcome.OrderNotFound => false,
                _ => await UpdateByItselfAsync(orderKey, status, changedBy, cancellationToken),
            };
        }
        finally
        {
            Interlocked.Decrement(ref _underWay);
        }
    }

    private async Task<bool> UpdateByItselfAsync(long orderKey, OrderStatus status, string? changedBy, CancellationToken cancellationToken)
    {
        const string change = "update orders_synced set o_orderstatus = $1 where o_orderkey = $2";

        // The overlay's trigger records the settings with the change; they last as long as the statement.
        const string recordedChange =
            $"{change} and set_config('orders.changed_by', $3, true) is not null and set_config('orders.trace_id', $4, true) is not null";

        if (!await _byThemselves.WaitAsync(_turn, cancellationToken))
        {
            throw new DatabaseUnavailableException(
                "All connections for changes stayed in use for the whole connection time-out: changes of locked orders wait there.", new TimeoutException());
        }

        try
        {
            return await database.WriteAsync(
                async connection =>
                {
                    PositionalParameters parameters = new PositionalParameters().Add(status.Code).Add(orderKey);
                    if (mode == StatusChangeMode.Overlay)
                    {
                        parameters.Add(changedBy ?? "").Add(Activity.Current?.TraceId.ToHexString() ?? "");
                    }

                    string sql = mode == StatusChangeMode.Overlay ? recordedChange : change;
                    var command = new CommandDefinition(sql, parameters, cancellationToken: cancellationToken);
                    return await connection.ExecuteAsync(command) > 0;
                },
                cancellationToken);
        }
        finally
        {
            _byThemselves.Release();
        }
    }

    private static async Task UpdateTogetherAsync(
        DatabaseConnections database, IReadOnlyList<StatusUpdate> updates, Action<int, Outcome> answer, CancellationToken cancellationToken)
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

        Dictionary<long, Outcome> others = [];
        Outcome outcome = Outcome.Made;
        try
        {
            others = await database.WriteAsync(
                async connection =>
                {
                    PositionalParameters parameters = new PositionalParameters().Add(asked.Keys.ToArray()).Add(asked.Values.ToArray());
                    var command = new CommandDefinition(sql, parameters, cancellationToken: cancellationToken);
                    return (await connection.QueryAsync<(long Key, bool Exists)>(command))
                        .ToDictionary(other => other.Key, other => other.Exists ? Outcome.Undone : Outcome.OrderNotFound);
                },
                cancellationToken);
        }
        catch (PostgresException exception) when (MayBeOfOne(exception))
        {
            outcome = Outcome.Undone;
        }
        catch (PostgresException exception) when (IsOfStatement(exception))
        {
            outcome = Outcome.Unplannable;
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
