using Orders.Infrastructure.Postgres;

namespace Orders.Infrastructure.Orders;

/// <content>Single keys, by their place.</content>
internal sealed partial class OrderRepository
{
    /// <summary>How many draws may differ that are made at the same time.</summary>
    private const int DrawsAtOnce = 10;

    private uint _drawn;

    public Task<long?> KeyAtAsync(long afterKey, long skip, CancellationToken cancellationToken) =>
        _keys.RunAsync((afterKey, skip), cancellationToken);

    public Task<IReadOnlyCollection<long>> DrawKeysAsync(
        IReadOnlyList<(long AfterKey, long Skip)> places, CancellationToken cancellationToken) => places.Count == 0
        ? Task.FromResult<IReadOnlyCollection<long>>([])
        : _draws.RunAsync(new Draw(Interlocked.Increment(ref _drawn) % DrawsAtOnce, places), cancellationToken);

    private async Task ReadKeysAsync(
        IReadOnlyList<(long AfterKey, long Skip)> places, Action<int, long?> setResult, CancellationToken cancellationToken)
    {
        long?[] keys = await FindKeysAsync(places, cancellationToken);
        for (int index = 0; index < keys.Length; index++)
        {
            setResult(index, keys[index]);
        }
    }

    private async Task ReadDrawsAsync(
        IReadOnlyList<Draw> draws, Action<int, IReadOnlyCollection<long>> setResult, CancellationToken cancellationToken)
    {
        ReadOnlyMemory<long?> keys = await FindKeysAsync([.. draws.SelectMany(draw => draw.Places)], cancellationToken);
        for (int index = 0; index < draws.Count; index++)
        {
            int count = draws[index].Places.Count;
            setResult(index, [.. keys[..count].ToArray().OfType<long>().Distinct()]);
            keys = keys[count..];
        }
    }

    private Task<long?[]> FindKeysAsync(IReadOnlyList<(long AfterKey, long Skip)> places, CancellationToken cancellationToken) =>
        _table.ReadAsync(
            batch =>
            {
                foreach ((long afterKey, long skip) in places)
                {
                    batch.BatchCommands.Add(BatchCommands.Create(SliceStatements.KeyAt, afterKey, skip));
                }
            },
            async reader =>
            {
                long?[] found = new long?[places.Count];
                for (int index = 0; index < found.Length; index++)
                {
                    found[index] = await reader.ReadAsync(cancellationToken) ? OrderRow.ReadKey(reader) : null;
                    await reader.NextResultAsync(cancellationToken);
                }

                return found;
            },
            cancellationToken);

    /// <summary>A draw. Those with the same number that wait for the same statement are one: the places of the first are read.</summary>
    private readonly struct Draw(uint number, IReadOnlyList<(long AfterKey, long Skip)> places) : IEquatable<Draw>
    {
        private readonly uint _number = number;

        public IReadOnlyList<(long AfterKey, long Skip)> Places { get; } = places;

        public bool Equals(Draw other) => other._number == _number;

        public override bool Equals(object? obj) => obj is Draw other && Equals(other);

        public override int GetHashCode() => (int)_number;
    }
}
