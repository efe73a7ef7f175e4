using Npgsql;
using Orders.Infrastructure.Postgres;

namespace Orders.Infrastructure.Orders;

/// <content>Single keys, by their place.</content>
internal sealed partial class OrderRepository
{
    public Task<long?> KeyAtAsync(long afterKey, long skip, CancellationToken cancellationToken) =>
        _keys.RunAsync((afterKey, skip), cancellationToken);

    private async Task ReadKeysAsync(
        IReadOnlyList<(long AfterKey, long Skip)> places, Action<int, long?> setResult, CancellationToken cancellationToken)
    {
        long?[] keys = await _table.ReadAsync(
            async connection =>
            {
                await using NpgsqlBatch batch = connection.CreateBatch();
                foreach ((long afterKey, long skip) in places)
                {
                    batch.BatchCommands.Add(BatchCommands.Create(SliceStatements.KeyAt, afterKey, skip));
                }

                await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellationToken);
                long?[] found = new long?[places.Count];
                for (int index = 0; index < found.Length; index++)
                {
                    found[index] = await reader.ReadAsync(cancellationToken) ? OrderRow.ReadKey(reader) : null;
                    await reader.NextResultAsync(cancellationToken);
                }

                return found;
            },
            cancellationToken);
        for (int index = 0; index < keys.Length; index++)
        {
            setResult(index, keys[index]);
        }
    }
}
