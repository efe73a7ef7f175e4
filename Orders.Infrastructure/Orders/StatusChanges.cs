using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using Dapper;
using Orders.Application;
using Orders.Application.Orders;
using Orders.Domain;
using Orders.Infrastructure.Coalescing;
using Orders.Infrastructure.Overlay;
using Orders.Infrastructure.Postgres;

namespace Orders.Infrastructure.Orders;

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

    private readonly RequestCoalescer<StatusUpdate, StatusOutcome> _coalescer = new(
        database.Time,
        maxStatements: 1,
        maxWeight: 50,
        static _ => 1,
        (updates, setResult, cancellation) => StatusStatement.RunAsync(database, updates, setResult, cancellation));

    private readonly SemaphoreSlim _byThemselves = new(HalfOfPool(database));
    private readonly int _few = int.Min(Few, HalfOfPool(database));
    private int _underWay;
    private long _apartUntil;

    /// <inheritdoc cref="IOrderRepository.UpdateStatusAsync"/>
    public async Task<bool> UpdateAsync(long orderKey, OrderStatus status, string? changedBy, CancellationToken cancellationToken)
    {
        if (mode == StatusChangeMode.Overlay)
        {
            return await UpdateByItselfAsync(orderKey, status, changedBy, cancellationToken);
        }

        bool shares = Interlocked.Increment(ref _underWay) > _few && database.Time.GetTimestamp() >= Volatile.Read(ref _apartUntil);
        try
        {
            StatusOutcome outcome = shares ? await _coalescer.RunAsync(new StatusUpdate(orderKey, status.Code), cancellationToken) : StatusOutcome.Undone;
            if (outcome == StatusOutcome.Unplannable)
            {
                Volatile.Write(ref _apartUntil, database.Time.GetTimestamp() + (SecondsApart * database.Time.TimestampFrequency));
            }

            return outcome switch
            {
                StatusOutcome.Made => true,
                StatusOutcome.OrderNotFound => false,
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

        if (!await _byThemselves.WaitAsync(database.ConnectTimeout, cancellationToken))
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

    private static int HalfOfPool(DatabaseConnections database) => int.Max(1, database.MaxPoolSize / 2);
}
