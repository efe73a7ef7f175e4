using Orders.Application;
using Orders.Application.Orders;
using Orders.Domain;
using Orders.Infrastructure.Coalescing;
using Orders.Infrastructure.Health;

namespace Orders.Infrastructure.Orders;

/// <summary>
/// Changes of a status on a condition: a few at a time with a statement each, more with a statement for all that wait, as
/// <see cref="StatusWriter"/> does for those without one.
/// </summary>
/// <param name="table">The table, on its connections.</param>
/// <param name="transaction">What makes the changes.</param>
/// <param name="statuses">Where changes run alone, and which says when.</param>
internal sealed class VersionedStatusWriter(
    OrdersTable table, StatusTransaction transaction, StatusWriter statuses)
{
    /// <summary>How often an order may be another one at the change, and again the one of the condition when it is read.</summary>
    private const int MaxAttempts = 100;

    private readonly RequestCoalescer<StatusChange, StatusChangeResult?> _batches = new(
        "change_status",
        table.Connections.Time,
        maxStatements: 1,
        maxWeight: 50,
        static _ => 1,
        (changes, setResult, cancellation) => ChangeSharedAsync(transaction, statuses, changes, setResult, cancellation));

    private int _underWay;

    /// <inheritdoc cref="IOrderRepository.ChangeStatusAsync"/>
    public async Task<StatusChangeResult> ChangeAsync(StatusChange change, string? changedBy, CancellationToken cancellationToken)
    {
        bool isShared = Interlocked.Increment(ref _underWay) > statuses.Few && statuses.CanShare;
        try
        {
            return (isShared ? await _batches.RunAsync(change, cancellationToken) : null)
                ?? await ChangeAloneAsync(change, changedBy, cancellationToken);
        }
        finally
        {
            Interlocked.Decrement(ref _underWay);
        }
    }

    /// <summary>A change that waits for a locked order, and meets its own error.</summary>
    public async Task<StatusChangeResult> ChangeAloneAsync(StatusChange change, string? changedBy, CancellationToken cancellationToken)
    {
        for (int attempt = 1; attempt <= MaxAttempts; attempt++)
        {
            OrderVersion? changed = await statuses.RunAloneAsync(
                batch => transaction.Ask(batch, change, changedBy), (_, reader) => transaction.ReadAsync(reader, cancellationToken),
                cancellationToken);
            if (changed is not null)
            {
                return new(StatusChangeOutcome.Changed, changed);
            }

            Dictionary<long, OrderVersion?> found = await transaction.FindAsync([change.OrderKey], cancellationToken);
            if (change.ReasonIn(found) is { } reason)
            {
                return reason;
            }

            // It has become that version after the change was refused, or has come into being.
        }

        throw new DatabaseUnavailableException("The order is changed too often at present.", cause: null) { IsConnected = true };
    }

    /// <summary>The changes of a batch in one transaction. A result of null: the change is to run alone.</summary>
    private static async Task ChangeSharedAsync(
        StatusTransaction transaction, StatusWriter statuses, IReadOnlyList<StatusChange> changes,
        Action<int, StatusChangeResult?> setResult, CancellationToken cancellationToken)
    {
        // Of several changes of one order, the first. The others are decided on when it is made.
        Dictionary<long, int> first = new(changes.Count);
        for (int index = 0; index < changes.Count; index++)
        {
            first.TryAdd(changes[index].OrderKey, index);
        }

        Dictionary<long, OrderVersion?> updated;
        try
        {
            updated = await transaction.UpdateAsync(
                [.. first.Values.Select(index => changes[index])], allOrNone: false, changedBy: null, cancellationToken);
        }
        catch (Exception exception) when (StatusBatch.IsOfStatement(exception) || StatusBatch.IsOfOneChange(exception))
        {
            if (StatusBatch.IsOfStatement(exception))
            {
                statuses.StopSharing();
            }

            // Alone, each change meets its own error.
            for (int index = 0; index < changes.Count; index++)
            {
                setResult(index, null);
            }

            return;
        }

        // Those that are made are told so before anything else can fail.
        List<int> others = [];
        for (int index = 0; index < changes.Count; index++)
        {
            if (first[changes[index].OrderKey] == index && updated.TryGetValue(changes[index].OrderKey, out OrderVersion? version))
            {
                setResult(index, new(StatusChangeOutcome.Changed, version));
            }
            else
            {
                others.Add(index);
            }
        }

        if (others.Count > 0)
        {
            long[] keys = [.. others.Select(index => changes[index].OrderKey).Distinct()];
            Dictionary<long, OrderVersion?> found = await transaction.FindAsync(keys, cancellationToken);
            others.ForEach(index => setResult(index, changes[index].ReasonIn(found)));
        }
    }
}
