using System.Diagnostics;
using Orders.Domain;

namespace Orders.Application.Orders;

/// <summary>The use cases: count, sample, page, stream, find one or many, change one status or many.</summary>
/// <param name="orders">The stored orders.</param>
/// <param name="counts">The count and the key index.</param>
/// <param name="random">Where samples are drawn from.</param>
public sealed class OrderService(IOrderRepository orders, CountCache counts, Random random)
{
    public const int SampleSize = 5;

    /// <summary>How many places are tried for a sample while there is no key index, and how many orders are skipped there at most.</summary>
    private const int Guesses = 4 * SampleSize;
    private const int GuessedSkip = 32;

    /// <param name="acceptedAge">How old the count may be; null for what is usual.</param>
    /// <param name="cancellationToken">The caller's token.</param>
    /// <exception cref="CountNotReadyException">The token was cancelled before there was any count.</exception>
    public Task<OrderCount> CountAsync(TimeSpan? acceptedAge, CancellationToken cancellationToken) =>
        counts.CountAsync(acceptedAge, cancellationToken);

    /// <summary>
    /// Distinct keys at random from the whole table, fewer only when it holds fewer: every order of the key index is as likely as any.
    /// </summary>
    /// <remarks>
    /// Until there is a key index, the places are random keys between the first and the last one. Skipping some orders from there evens
    /// out the gaps between keys, which would favour the orders behind wide ones.
    /// </remarks>
    public async Task<IReadOnlyList<long>> SampleKeysAsync(CancellationToken cancellationToken)
    {
        OrderCount? count = await counts.CountForPageAsync(acceptedAge: null, cancellationToken);
        IReadOnlyList<(long AfterKey, long Skip)> places = count is { Index: var index }
            ? [.. DrawOffsets(index.Count).Select(index.Locate)]
            : await GuessPlacesAsync(cancellationToken);
        HashSet<long> keys = [.. await orders.DrawKeysAsync(places, cancellationToken)];
        if (keys.Count < SampleSize)
        {
            // A small table, or one that has changed since the key index was taken: its first orders fill up.
            keys.UnionWith(await FirstKeysAsync(cancellationToken));
        }

        return [.. keys.Take(SampleSize)];
    }

    public Task<OrderSlice> StreamAsync(long cursor, int pageSize, CancellationToken cancellationToken)
    {
        RequestTiming.Of(Activity.Current)?.FoundBy = cursor == 0 ? "start" : "cursor";
        return orders.SliceAsync(cursor, skip: 0, pageSize, cancellationToken);
    }

    /// <summary>
    /// A numbered page: a seek to the block it starts in and a few steps from there, at any depth. Until there is a key index, pages
    /// have no totals, and deep ones take as long as their offset is large.
    /// </summary>
    public async Task<OrderPage> PageAsync(
        int number, int size, bool includeCount, TimeSpan? acceptedAge, CancellationToken cancellationToken)
    {
        long offset = (number - 1L) * size;
        OrderCount? count = includeCount || offset > KeyIndex.MaxBlockSize
            ? await counts.CountForPageAsync(acceptedAge, cancellationToken)
            : null;
        (long afterKey, long skip) = count?.Index.Locate(offset) ?? (0, offset);
        RequestTiming.Of(Activity.Current)?.FoundBy = offset == 0 ? "start" : count is null ? "offset" : "key index";
        OrderSlice slice = await orders.SliceAsync(afterKey, skip, size, cancellationToken);
        return new OrderPage
        {
            Number = number,
            Size = size,

            // Past the end there is nothing to go back from: only a page with orders has a cursor.
            Slice = slice.Orders.Count > 0 ? slice : slice with { PreviousCursor = null },
            Total = includeCount ? count : null,
        };
    }

    public Task<Order?> FindAsync(long orderKey, CancellationToken cancellationToken) =>
        orders.FindAsync(orderKey, cancellationToken);

    /// <param name="orderKeys">The keys; those that repeat others count once.</param>
    /// <param name="cancellationToken">The caller's token.</param>
    /// <returns>The orders that there are, and the keys that have none; both in ascending order.</returns>
    public async Task<(IReadOnlyList<Order> Orders, IReadOnlyList<long> MissingKeys)> FindAsync(
        IReadOnlyList<long> orderKeys, CancellationToken cancellationToken)
    {
        long[] keys = [.. new SortedSet<long>(orderKeys)];
        IReadOnlyList<Order> found = await orders.FindAsync(keys, cancellationToken);
        HashSet<long> existing = [.. found.Select(order => order.OrderKey)];
        return (found, found.Count == keys.Length ? [] : [.. keys.Where(key => !existing.Contains(key))]);
    }

    public Task<StatusChangeResult> ChangeStatusAsync(StatusChange change, string? changedBy, CancellationToken cancellationToken) =>
        orders.ChangeStatusAsync(change, changedBy, cancellationToken);

    /// <inheritdoc cref="IOrderRepository.ChangeStatusesAsync"/>
    public Task ChangeStatusesAsync(
        IReadOnlyList<StatusChange> changes, bool allOrNone, string? changedBy, Action<int, StatusChangeResult> setResult,
        CancellationToken cancellationToken) =>
        orders.ChangeStatusesAsync(changes, allOrNone, changedBy, setResult, cancellationToken);

    public Task<StatusUpdateResult> ChangeStatusAsync(
        long orderKey, OrderStatus status, string? changedBy, CancellationToken cancellationToken) =>
        orders.UpdateStatusAsync(orderKey, status, changedBy, cancellationToken);

    /// <summary>Distinct offsets below the count, all of them when there are not more than a sample takes.</summary>
    private HashSet<long> DrawOffsets(long count)
    {
        HashSet<long> offsets = [];
        while (offsets.Count < SampleSize && offsets.Count < count)
        {
            offsets.Add(random.NextInt64(count));
        }

        return offsets;
    }

    private async Task<IReadOnlyList<(long AfterKey, long Skip)>> GuessPlacesAsync(CancellationToken cancellationToken) =>
        await orders.KeySpanAsync(cancellationToken) is (var first, var last)
            ? [.. Enumerable.Range(0, Guesses).Select(_ => (random.NextInt64(first - 1, last), random.NextInt64(GuessedSkip)))]
            : [];

    private async Task<IEnumerable<long>> FirstKeysAsync(CancellationToken cancellationToken)
    {
        long?[] keys = await Task.WhenAll(
            Enumerable.Range(0, SampleSize).Select(skip => orders.KeyAtAsync(afterKey: 0, skip, cancellationToken)));
        return keys.OfType<long>();
    }
}
