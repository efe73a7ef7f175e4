using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using Orders.Application;
using Orders.Application.Orders;
using Orders.Domain;
using Orders.Infrastructure.Health;
using Orders.Infrastructure.Postgres;

namespace Orders.Infrastructure.Orders;

/// <summary>Several changes of one caller, in one transaction.</summary>
/// <remarks>
/// One at a time: each holds up to a thousand locks, which in an overlay take room in the server's memory. None waits for a lock for
/// long. Without all or none, a change that is left out for a lock runs alone, and waits there.
/// </remarks>
[SuppressMessage("Design", "CA1001", Justification = "The semaphore holds nothing to dispose of: nobody asks for its wait handle.")]
internal sealed class BulkStatusWriter(
    OrdersTable table, StatusTransaction transaction, StatusWriter statuses, VersionedStatusWriter versioned)
{
    /// <summary>How many changes run alone at a time.</summary>
    private const int AloneAtOnce = 4;

    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(100);

    private readonly SemaphoreSlim _one = new(1);

    /// <inheritdoc cref="IOrderRepository.ChangeStatusesAsync"/>
    public Task ChangeAsync(
        IReadOnlyList<StatusChange> changes, bool allOrNone, string? changedBy, Action<int, StatusChangeResult> setResult,
        CancellationToken cancellationToken) =>
        allOrNone
            ? ChangeAllAsync(changes, changedBy, setResult, cancellationToken)
            : ChangeEachAsync(changes, changedBy, setResult, cancellationToken);

    private async Task ChangeEachAsync(
        IReadOnlyList<StatusChange> changes, string? changedBy, Action<int, StatusChangeResult> setResult,
        CancellationToken cancellationToken)
    {
        Dictionary<long, OrderVersion?> updated = table.HasForeignRows
            ? []
            : await UpdateAsync(changes, allOrNone: false, changedBy, cancellationToken) ?? [];

        // Those that are made are told so before anything else can fail.
        SetUpdated(changes, updated, setResult);
        if (updated.Count == changes.Count)
        {
            return;
        }

        List<int> alone = [];
        StatusChangeResult?[] reasons = await ReasonsAsync(changes, updated, cancellationToken);
        for (int index = 0; index < changes.Count; index++)
        {
            if (reasons[index] is { } reason)
            {
                setResult(index, reason);
            }
            else if (!updated.ContainsKey(changes[index].OrderKey))
            {
                alone.Add(index);
            }
        }

        Lock one = new();
        await Parallel.ForEachAsync(
            alone,
            new ParallelOptions { MaxDegreeOfParallelism = AloneAtOnce, CancellationToken = cancellationToken },
            async (index, cancellation) =>
            {
                StatusChangeResult result = await ChangeAloneAsync(changes[index], changedBy, cancellation);
                lock (one)
                {
                    setResult(index, result);
                }
            });
    }

    private async Task ChangeAllAsync(
        IReadOnlyList<StatusChange> changes, string? changedBy, Action<int, StatusChangeResult> setResult,
        CancellationToken cancellationToken)
    {
        while (true)
        {
            if (await UpdateAsync(changes, allOrNone: true, changedBy, cancellationToken) is { } updated)
            {
                SetUpdated(changes, updated, setResult);
                if (updated.Count == changes.Count)
                {
                    return;
                }

                StatusChangeResult?[] reasons = await ReasonsAsync(changes, updated, cancellationToken);
                if (updated.Count > 0 || reasons.Any(reason => reason is not null))
                {
                    for (int index = 0; index < changes.Count; index++)
                    {
                        if (!updated.ContainsKey(changes[index].OrderKey))
                        {
                            setResult(index, reasons[index] ?? new(StatusChangeOutcome.LeftOut));
                        }
                    }

                    return;
                }
            }

            // An order was locked, or has come to be as it has to be. All locks are given back meanwhile.
            await Task.Delay(LongestPause * Random.Shared.NextDouble(), table.Connections.Time, cancellationToken);
        }
    }

    /// <returns>What was changed; null when nothing was, for a lock or for a change that has to meet its own error alone.</returns>
    private async Task<Dictionary<long, OrderVersion?>?> UpdateAsync(
        IReadOnlyList<StatusChange> changes, bool allOrNone, string? changedBy, CancellationToken cancellationToken)
    {
        TimeProvider time = table.Connections.Time;
        long askedAt = time.GetTimestamp();
        await _one.WaitAsync(cancellationToken);
        long startedAt = time.GetTimestamp();
        try
        {
            return await transaction.UpdateAsync(changes, allOrNone, changedBy, cancellationToken);
        }
        catch (Exception exception) when (allOrNone ? SqlStates.IsLockTimeout(exception) : StatusBatch.IsOfOneChange(exception))
        {
            return null;
        }
        catch (Exception exception) when (StatusBatch.IsOfStatement(exception))
        {
            return allOrNone ? await transaction.UpdateOneByOneAsync(changes, changedBy, cancellationToken) : null;
        }
        finally
        {
            RequestTiming.Record(Activity.Current, time.GetElapsedTime(askedAt, startedAt), time.GetElapsedTime(startedAt));
            _one.Release();
        }
    }

    /// <summary>Why changes were not made; null for those that were, and for those that can be made now.</summary>
    private async Task<StatusChangeResult?[]> ReasonsAsync(
        IReadOnlyList<StatusChange> changes, Dictionary<long, OrderVersion?> updated, CancellationToken cancellationToken)
    {
        long[] keys = [.. changes.Select(change => change.OrderKey).Where(key => !updated.ContainsKey(key))];
        Dictionary<long, OrderVersion?> versions = await transaction.FindAsync(keys, cancellationToken);
        return [.. changes.Select(change => updated.ContainsKey(change.OrderKey) ? null : change.ReasonIn(versions))];
    }

    private async Task<StatusChangeResult> ChangeAloneAsync(StatusChange change, string? changedBy, CancellationToken cancellationToken)
    {
        if (change.Versions is not null)
        {
            return await versioned.ChangeAloneAsync(change, changedBy, cancellationToken);
        }

        StatusUpdateResult result = await statuses.UpdateAloneAsync(change.OrderKey, change.Status, changedBy, cancellationToken);
        return new(result == StatusUpdateResult.Updated ? StatusChangeOutcome.Changed : StatusChangeOutcome.OrderNotFound);
    }

    private static void SetUpdated(
        IReadOnlyList<StatusChange> changes, Dictionary<long, OrderVersion?> updated, Action<int, StatusChangeResult> setResult)
    {
        for (int index = 0; index < changes.Count; index++)
        {
            if (updated.TryGetValue(changes[index].OrderKey, out OrderVersion? version))
            {
                setResult(index, new(StatusChangeOutcome.Changed, version));
            }
        }
    }
}
