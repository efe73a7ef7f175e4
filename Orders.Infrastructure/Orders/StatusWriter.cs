using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using Npgsql;
using Orders.Application;
using Orders.Application.Orders;
using Orders.Domain;
using Orders.Infrastructure.Coalescing;
using Orders.Infrastructure.Health;
using Orders.Infrastructure.Postgres;

namespace Orders.Infrastructure.Orders;

/// <summary>
/// Changes statuses: a few at a time with a statement each, more with a statement for all that wait, which then share one commit and
/// one flush.
/// </summary>
/// <remarks>
/// A shared statement waits for no lock. A change that it leaves out for a lock, or that the table refuses, runs alone: there it waits,
/// or meets its own error. Such changes take half of the pool at most, so that locked orders hold up no reads. Where the table records
/// changes, each runs alone.
/// </remarks>
/// <param name="table">The table, on its connections.</param>
/// <param name="recordsChanges">Whether a trigger of the table records changes, with who made them.</param>
[SuppressMessage("Design", "CA1001", Justification = "The semaphore holds nothing to dispose of: nobody asks for its wait handle.")]
internal sealed class StatusWriter(OrdersTable table, bool recordsChanges)
{
    /// <summary>Up to so many changes at a time are as fast alone.</summary>
    private const int MostAlone = 4;

    /// <summary>How long changes run alone after PostgreSQL could not plan the shared statement, as on some views.</summary>
    private const int SecondsAlone = 60;

    private readonly RequestCoalescer<StatusUpdate, BatchUpdateResult> _batches = new(
        "update_status",
        table.Connections.Time,
        maxStatements: 1,
        maxWeight: 50,
        static _ => 1,
        (updates, setResult, cancellation) => StatusBatch.RunAsync(table, updates, setResult, cancellation));

    private readonly SemaphoreSlim _alone = new(HalfOfPool(table.Connections));
    private int _underWay;
    private long _aloneUntil;

    /// <summary>Up to so many changes at a time run alone.</summary>
    public int Few { get; } = int.Min(MostAlone, HalfOfPool(table.Connections));

    /// <summary>Whether several changes may share a transaction.</summary>
    public bool CanShare => !recordsChanges && !table.HasForeignRows
        && table.Connections.Time.GetTimestamp() >= Volatile.Read(ref _aloneUntil);

    /// <summary>Changes run alone for a while: PostgreSQL could not plan a statement for several.</summary>
    public void StopSharing()
    {
        TimeProvider time = table.Connections.Time;
        Volatile.Write(ref _aloneUntil, time.GetTimestamp() + (SecondsAlone * time.TimestampFrequency));
    }

    /// <inheritdoc cref="IOrderRepository.UpdateStatusAsync"/>
    public async Task<StatusUpdateResult> UpdateAsync(
        long orderKey, OrderStatus status, string? changedBy, CancellationToken cancellationToken)
    {
        if (recordsChanges)
        {
            return await UpdateAloneAsync(orderKey, status, changedBy, cancellationToken);
        }

        bool isShared = Interlocked.Increment(ref _underWay) > Few && CanShare;
        try
        {
            BatchUpdateResult result = isShared
                ? await _batches.RunAsync(new StatusUpdate(orderKey, status.Code), cancellationToken)
                : BatchUpdateResult.RunAlone;
            if (result == BatchUpdateResult.NotPlanned)
            {
                StopSharing();
            }

            return result switch
            {
                BatchUpdateResult.Updated => StatusUpdateResult.Updated,
                BatchUpdateResult.OrderNotFound => StatusUpdateResult.OrderNotFound,
                BatchUpdateResult.RunAlone or BatchUpdateResult.NotPlanned =>
                    await UpdateAloneAsync(orderKey, status, changedBy, cancellationToken),
            };
        }
        finally
        {
            Interlocked.Decrement(ref _underWay);
        }
    }

    /// <summary>A change that waits for a locked order, and meets its own error.</summary>
    public Task<StatusUpdateResult> UpdateAloneAsync(
        long orderKey, OrderStatus status, string? changedBy, CancellationToken cancellationToken)
    {
        const string update = "update orders_synced set o_orderstatus = $1 where o_orderkey = $2";

        // The trigger records these settings with the change. They last as long as the statement.
        const string recordedUpdate =
            $"{update} and set_config('orders.changed_by', $3, true) is not null and set_config('orders.trace_id', $4, true) is not null";
        return RunAloneAsync(
            batch =>
            {
                NpgsqlBatchCommand command =
                    new NpgsqlBatchCommand(recordsChanges ? recordedUpdate : update).With(status.Code).With(orderKey);
                if (recordsChanges)
                {
                    command.With(changedBy ?? "").With(Activity.Current?.TraceId.ToHexString() ?? "");
                }

                batch.BatchCommands.Add(command);
            },
            static (batch, _) => Task.FromResult(
                batch.BatchCommands[0].RecordsAffected > 0 ? StatusUpdateResult.Updated : StatusUpdateResult.OrderNotFound),
            cancellationToken);
    }

    /// <summary>Runs what may wait for a locked order, on one of the connections that are for that.</summary>
    public async Task<T> RunAloneAsync<T>(
        Action<NpgsqlBatch> ask, Func<NpgsqlBatch, NpgsqlDataReader, Task<T>> read, CancellationToken cancellationToken)
    {
        TimeProvider time = table.Connections.Time;
        long askedAt = time.GetTimestamp();
        if (!await _alone.WaitAsync(table.Connections.ConnectTimeout, cancellationToken))
        {
            throw new DatabaseUnavailableException(
                "All connections for changes stayed in use for the whole connection time-out: changes of locked orders wait there.",
                new TimeoutException());
        }

        long startedAt = time.GetTimestamp();
        try
        {
            return await table.WriteAsync(ask, read, cancellationToken);
        }
        finally
        {
            RequestTiming.Record(Activity.Current, time.GetElapsedTime(askedAt, startedAt), time.GetElapsedTime(startedAt));
            _alone.Release();
        }
    }

    private static int HalfOfPool(DatabaseConnections connections) => int.Max(1, connections.MaxPoolSize / 2);
}
