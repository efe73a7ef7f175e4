using System.Text.Json;
using Dapper;
using Npgsql;
using Orders.Application.Orders;
using Orders.Infrastructure.Postgres;

namespace Orders.Infrastructure.Orders;

/// <content>The number of orders, and the places of their keys.</content>
internal sealed partial class OrderRepository
{
    /// <summary>How often crowded blocks are divided at most. Each time, a cluster of keys is told from the gaps around it.</summary>
    private const int MaxRounds = 8;

    /// <summary>How many statements share a round trip.</summary>
    private const int SpansAtOnce = 200;

    /// <summary>Orders have keys from 1 to this one.</summary>
    private const string LastKey = "9223372036854775807";

    public async Task<KeyIndex> ReadKeyIndexAsync(KeyIndex? last, CancellationToken cancellationToken)
    {
        // Orders are counted in blocks of the same width. Where most keys are in a few of them, these are divided, and the orders
        // counted by the ends of the blocks. Each count is one statement, so it is exact.
        KeyBlocks blocks = last is { Count: > 0, HasEvenBlocks: false }
            ? KeyBlocks.Of(last)
            : await EvenBlocksAsync(last?.Count, cancellationToken);
        for (int round = 1; ; round++)
        {
            blocks.Fill(await CountAsync(blocks, cancellationToken));
            if (round == MaxRounds || blocks.Crowded.Count == 0)
            {
                return blocks.ToIndex();
            }

            blocks = blocks.IsTooWide
                ? await EvenBlocksAsync(blocks.Count, cancellationToken)
                : blocks.Divide(await ReadSpansAsync(blocks.Crowded, cancellationToken));
        }
    }

    public Task<(long First, long Last)?> KeySpanAsync(CancellationToken cancellationToken) => _spans.RunAsync(true, cancellationToken);

    private async Task ReadSpanAsync(
        IReadOnlyList<bool> keys, Action<int, (long First, long Last)?> setResult, CancellationToken cancellationToken)
    {
        const string sql =
            $"select min(o_orderkey)::bigint, max(o_orderkey)::bigint from orders_synced where o_orderkey between 1 and {LastKey}";
        (long? first, long? last) = await _table.ReadAnyAsync(
            connection => connection.QuerySingleAsync<(long?, long?)>(new CommandDefinition(sql, cancellationToken: cancellationToken)),
            cancellationToken);
        setResult(0, first is null || last is null ? null : (first.Value, last.Value));
    }

    /// <param name="rows">How many orders there are; null for the planner's estimate.</param>
    /// <param name="cancellationToken">The caller's token.</param>
    private async Task<KeyBlocks> EvenBlocksAsync(long? rows, CancellationToken cancellationToken)
    {
        (long first, long last) = await KeySpanAsync(cancellationToken) ?? (1, KeyIndex.BlockSize);
        return KeyBlocks.Even(first, last, rows is > 0 ? rows.Value : await EstimateRowsAsync(cancellationToken));
    }

    private Task<long> EstimateRowsAsync(CancellationToken cancellationToken)
    {
        const string sql = "explain (format json) select o_orderkey from orders_synced";
        return _table.ReadAnyAsync(
            async connection =>
            {
                string plan = await connection.QuerySingleAsync<string>(new CommandDefinition(sql, cancellationToken: cancellationToken));
                using var json = JsonDocument.Parse(plan);
                return (long)double.Min(json.RootElement[0].GetProperty("Plan").GetProperty("Plan Rows").GetDouble(), 1e15);
            },
            cancellationToken);
    }

    private Task<IEnumerable<(long Number, long Orders)>> CountAsync(KeyBlocks blocks, CancellationToken cancellationToken)
    {
        const string byWidth =
            $"""
            select o_orderkey::bigint / $1, count(*)
            from orders_synced
            where o_orderkey between 1 and {LastKey}
            group by 1
            """;
        const string byFirstKeys =
            $"""
            select width_bucket(o_orderkey::bigint, $1)::bigint, count(*)
            from orders_synced
            where o_orderkey between 1 and {LastKey}
            group by 1
            """;
        return _table.ReadAnyAsync(
            connection => connection.QueryAsync<(long, long)>(blocks.Width is { } width
                ? new CommandDefinition(
                    byWidth, new PositionalParameters().Add(width), commandTimeout: _countTimeout, cancellationToken: cancellationToken)
                : new CommandDefinition(
                    byFirstKeys, new PositionalParameters().AddArray(blocks.FirstKeys, key => key), commandTimeout: _countTimeout,
                    cancellationToken: cancellationToken)),
            cancellationToken);
    }

    /// <summary>The smallest and the largest key of each block.</summary>
    private async Task<IReadOnlyList<(long First, long Last)>> ReadSpansAsync(
        IReadOnlyList<KeyBlocks.Block> blocks, CancellationToken cancellationToken)
    {
        const string sql =
            "select min(o_orderkey)::bigint, max(o_orderkey)::bigint from orders_synced where o_orderkey between $1 and $2";
        List<(long, long)> spans = [];
        foreach (KeyBlocks.Block[] some in blocks.Chunk(SpansAtOnce))
        {
            spans.AddRange(await _table.ReadAnyAsync(
                async connection =>
                {
                    await using NpgsqlBatch batch = connection.CreateBatch();
                    foreach (KeyBlocks.Block block in some)
                    {
                        batch.BatchCommands.Add(BatchCommands.Create(sql, block.FirstKey, block.LastKey));
                    }

                    await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellationToken);
                    List<(long, long)> read = [];
                    foreach (KeyBlocks.Block block in some)
                    {
                        // Its orders may have been deleted meanwhile.
                        await reader.ReadAsync(cancellationToken);
                        bool isEmpty = await reader.IsDBNullAsync(0, cancellationToken);
                        read.Add(isEmpty ? (block.FirstKey, block.LastKey) : (reader.GetInt64(0), reader.GetInt64(1)));
                        await reader.NextResultAsync(cancellationToken);
                    }

                    return read;
                },
                cancellationToken));
        }

        return spans;
    }
}
