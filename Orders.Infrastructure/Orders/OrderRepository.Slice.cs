using Npgsql;
using Orders.Application.Orders;
using Orders.Domain;
using Orders.Infrastructure.Postgres;

namespace Orders.Infrastructure.Orders;

/// <content>Slices of consecutive orders.</content>
internal sealed partial class OrderRepository
{
    public Task<OrderSlice> SliceAsync(long afterKey, long skip, int pageSize, CancellationToken cancellationToken) =>
        _slices.RunAsync(new SliceKey(afterKey, skip, pageSize), cancellationToken);

    /// <summary>One round trip for all: for each slice a statement for its rows, and one for its previous cursor if that takes any.</summary>
    private async Task ReadSlicesAsync(
        IReadOnlyList<SliceKey> slices, Action<int, OrderSlice> setResult, CancellationToken cancellationToken)
    {
        int last = slices.Count - 1;
        OrderSlice lastSlice;
        try
        {
            lastSlice = await _table.ReadAsync(
                batch =>
                {
                    foreach (SliceKey slice in slices)
                    {
                        AddStatements(batch, slice, SliceStatements.For(slice.PageSize));
                    }
                },
                async reader =>
                {
                    for (int index = 0; index < last; index++)
                    {
                        setResult(index, await ReadSliceAsync(reader, slices[index], cancellationToken));
                        await reader.NextResultAsync(cancellationToken);
                    }

                    return await ReadSliceAsync(reader, slices[last], cancellationToken);
                },
                cancellationToken);
        }
        catch (PostgresException exception) when (last == 0 && SqlStates.KindOf(exception) == ErrorKind.WrongRow)
        {
            lastSlice = await ReadSliceOneByOneAsync(slices[0], cancellationToken);
        }

        setResult(last, lastSlice);
    }

    private static void AddStatements(NpgsqlBatch batch, SliceKey slice, SliceStatements statements)
    {
        (long afterKey, long skip, int pageSize) = slice;
        NpgsqlBatchCommand rows = skip == 0
            ? BatchCommands.Create(statements.Rows, afterKey)
            : BatchCommands.Create(statements.RowsAfterSkip, afterKey, skip - 1);
        batch.BatchCommands.Add(statements.HasLimit ? rows : rows.With(pageSize + 1L));
        if (slice.HasKeysBefore)
        {
            batch.BatchCommands.Add(skip == 0 && statements.HasLimit
                ? BatchCommands.Create(statements.KeysBefore, afterKey)
                : BatchCommands.Create(SliceStatements.OfKeys.KeysBefore, afterKey, pageSize - skip + 1));
        }
        else if (skip > pageSize)
        {
            batch.BatchCommands.Add(BatchCommands.Create(SliceStatements.KeyAt, afterKey, skip - pageSize - 1));
        }
    }

    private async Task<OrderSlice> ReadSliceAsync(NpgsqlDataReader reader, SliceKey slice, CancellationToken cancellationToken)
    {
        // One row more than asked for shows that another order follows, and is not part of the slice. Rows that are no orders are left
        // out, and count as rows: the cursors step over them.
        var orders = new List<Order>(slice.PageSize);
        (int rows, long lastKey) = (0, 0);
        while (await reader.ReadAsync(cancellationToken))
        {
            if (++rows > slice.PageSize)
            {
                continue;
            }

            lastKey = OrderRow.ReadKey(reader);
            if (OrderRow.TryRead(reader, out Exception? problem) is { } order)
            {
                orders.Add(order);
            }
            else
            {
                _unreadable.Report(lastKey, problem!);
            }
        }

        return new OrderSlice
        {
            Orders = orders,
            NextCursor = rows > slice.PageSize ? lastKey : null,
            PreviousCursor = await ReadPreviousCursorAsync(reader, slice, rows > 0, cancellationToken),
        };
    }

    /// <summary>The cursor of the orders before a slice: the key in front of them, 0 when they are the first, null when there are none.</summary>
    private static async Task<long?> ReadPreviousCursorAsync(
        NpgsqlDataReader reader, SliceKey slice, bool hasRows, CancellationToken cancellationToken)
    {
        (_, long skip, int pageSize) = slice;
        bool hasSkipped = skip > 0 && hasRows;
        if (slice.HasKeysBefore)
        {
            await reader.NextResultAsync(cancellationToken);
            await reader.ReadAsync(cancellationToken);
            long keys = reader.GetInt64(0);
            return keys > pageSize - skip ? reader.GetInt64(1) : keys > 0 || hasSkipped ? 0 : null;
        }

        if (skip > pageSize)
        {
            await reader.NextResultAsync(cancellationToken);
            return await reader.ReadAsync(cancellationToken) && hasRows ? reader.GetInt64(0) : null;
        }

        return hasSkipped ? 0 : null;
    }

    /// <summary>For a slice with a row that PostgreSQL itself can't read: the keys first, then each order by its own statement.</summary>
    private async Task<OrderSlice> ReadSliceOneByOneAsync(SliceKey slice, CancellationToken cancellationToken)
    {
        (List<long> keys, long? previous) = await _table.ReadAsync(
            batch => AddStatements(batch, slice, SliceStatements.OfKeys),
            async reader =>
            {
                List<long> found = [];
                while (await reader.ReadAsync(cancellationToken))
                {
                    found.Add(OrderRow.ReadKey(reader));
                }

                return (found, await ReadPreviousCursorAsync(reader, slice, found.Count > 0, cancellationToken));
            },
            cancellationToken);
        List<Order> orders = [];
        foreach (long orderKey in keys.Take(slice.PageSize))
        {
            await ReadOrderIfReadableAsync(orderKey, orders, cancellationToken);
        }

        return new OrderSlice
        {
            Orders = orders,
            NextCursor = keys.Count > slice.PageSize ? keys[slice.PageSize - 1] : null,
            PreviousCursor = previous,
        };
    }

    private async Task ReadOrderIfReadableAsync(long orderKey, List<Order> orders, CancellationToken cancellationToken)
    {
        try
        {
            if (await FindAsync(orderKey, cancellationToken) is { } order)
            {
                orders.Add(order);
            }
        }
        catch (Exception exception) when (SqlStates.KindOf(exception) == ErrorKind.WrongRow)
        {
            // The statement of the single order has reported it.
        }
    }

    /// <summary>Which slice: so many orders, from the one that comes <paramref name="Skip"/> orders after the first behind a key.</summary>
    private readonly record struct SliceKey(long AfterKey, long Skip, int PageSize)
    {
        /// <summary>The orders before the slice begin before its key, if there are any.</summary>
        public bool HasKeysBefore => AfterKey > 0 && Skip <= PageSize;
    }
}
