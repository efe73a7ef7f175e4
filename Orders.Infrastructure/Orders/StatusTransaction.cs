using System.Diagnostics;
using Npgsql;
using Orders.Application.Orders;
using Orders.Domain;
using Orders.Infrastructure.Health;
using Orders.Infrastructure.Postgres;

namespace Orders.Infrastructure.Orders;

/// <summary>Decides on changes of status and makes them, in one transaction and one round trip.</summary>
/// <param name="table">The table, on its connections.</param>
/// <param name="recordsChanges">Whether a trigger of the table records changes, with who made them.</param>
internal sealed class StatusTransaction(OrdersTable table, bool recordsChanges)
{
    /// <summary>Adds the statements of one change, which waits for a lock as long as a statement may.</summary>
    /// <param name="batch">Where to add them.</param>
    /// <param name="change">The change.</param>
    /// <param name="changedBy">The caller to record; null when unknown.</param>
    public void Ask(NpgsqlBatch batch, StatusChange change, string? changedBy)
    {
        AddRecord(batch, changedBy, [change.OrderKey]);
        NpgsqlBatchCommand update = new NpgsqlBatchCommand(
            change.Versions is null ? StatusStatements.UpdateOne : StatusStatements.UpdateOneOfVersions)
            .With(change.Status.Code).With(change.OrderKey);
        batch.BatchCommands.Add(change.Versions is null ? update : update.With(Bytes(change.Versions)));
    }

    /// <summary>Reads the result of <see cref="Ask"/>.</summary>
    /// <returns>The order's version now; null when there is none of the versions of the change.</returns>
    public async Task<OrderVersion?> ReadAsync(NpgsqlDataReader reader, CancellationToken cancellationToken)
    {
        for (int statement = 0; statement < (recordsChanges ? StatusStatements.CountOfRecord : 0); statement++)
        {
            await reader.NextResultAsync(cancellationToken);
        }

        return await reader.ReadAsync(cancellationToken) ? OrderVersion.Of(OrderRow.Read(reader)) : null;
    }

    /// <summary>Several changes, each of another order, which together wait for no lock for long.</summary>
    /// <param name="changes">The changes.</param>
    /// <param name="allOrNone">Make none unless all can be made; then locks are waited for a while, and not left out.</param>
    /// <param name="changedBy">The caller to record; null when unknown.</param>
    /// <param name="cancellationToken">The caller's token.</param>
    /// <returns>The keys of the orders that were changed, with their new versions where these were asked for.</returns>
    public Task<Dictionary<long, OrderVersion?>> UpdateAsync(
        IReadOnlyList<StatusChange> changes, bool allOrNone, string? changedBy, CancellationToken cancellationToken)
    {
        string keys = allOrNone ? StatusStatements.AllKeys : recordsChanges ? StatusStatements.Keys : StatusStatements.UnlockedKeys;
        var groups = changes.GroupBy(change => (change.Status, OfVersions: change.Versions is not null, change.ReturnsVersion)).ToArray();
        int others = 0;
        return table.WriteAsync(
            batch =>
            {
                batch.BatchCommands.Add(new NpgsqlBatchCommand(StatusStatements.LimitWaiting));
                AddRecord(batch, changedBy, [.. changes.Select(change => change.OrderKey).Order()]);
                if (allOrNone)
                {
                    AddCheck(batch, changes);
                }

                others = batch.BatchCommands.Count;
                foreach (var group in groups)
                {
                    NpgsqlBatchCommand update = new NpgsqlBatchCommand(
                        StatusStatements.Update(keys, group.Key.OfVersions, group.Key.ReturnsVersion))
                        .With(group.Key.Status.Code).With<long[]>([.. group.Select(change => change.OrderKey)]);
                    batch.BatchCommands.Add(
                        group.Key.OfVersions ? update.With(Bytes(group.SelectMany(change => change.Versions!))) : update);
                }
            },
            async (_, reader) =>
            {
                Dictionary<long, OrderVersion?> updated = new(changes.Count);
                for (int statement = 0; statement < others + groups.Length; statement++)
                {
                    if (statement > 0)
                    {
                        await reader.NextResultAsync(cancellationToken);
                    }

                    while (statement >= others && await reader.ReadAsync(cancellationToken))
                    {
                        updated[OrderRow.ReadKey(reader)] =
                            groups[statement - others].Key.ReturnsVersion ? OrderVersion.Of(OrderRow.Read(reader)) : null;
                    }
                }

                return updated;
            },
            cancellationToken);
    }

    /// <summary>All changes or none, one statement after another, where PostgreSQL can't plan a statement for several.</summary>
    public Task<Dictionary<long, OrderVersion?>> UpdateOneByOneAsync(
        IReadOnlyList<StatusChange> changes, string? changedBy, CancellationToken cancellationToken) =>
        table.WriteAsync(
            async connection =>
            {
                Dictionary<long, OrderVersion?> updated = new(changes.Count);
                await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellationToken);
                foreach (StatusChange change in changes.OrderBy(change => change.OrderKey))
                {
                    await using NpgsqlBatch batch = connection.CreateBatch();
                    Ask(batch, change, changedBy);
                    await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellationToken);
                    if (await ReadAsync(reader, cancellationToken) is not { } version)
                    {
                        return [];
                    }

                    updated[change.OrderKey] = change.ReturnsVersion ? version : null;
                }

                await transaction.CommitAsync(cancellationToken);
                return updated;
            },
            cancellationToken);

    /// <summary>Reads from the primary what has to be current: why changes were not made.</summary>
    /// <returns>The versions of those of the orders that there are; null of rows that can't be read as orders.</returns>
    public Task<Dictionary<long, OrderVersion?>> FindAsync(long[] orderKeys, CancellationToken cancellationToken)
    {
        const string sql = $"select {OrderRow.Columns} from orders_synced where o_orderkey = any($1)";
        return table.ReadAsync(
            async connection =>
            {
                await using NpgsqlBatch batch = connection.CreateBatch();
                batch.BatchCommands.Add(new NpgsqlBatchCommand(sql).With(orderKeys));
                await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellationToken);
                Dictionary<long, OrderVersion?> versions = new(orderKeys.Length);
                while (await reader.ReadAsync(cancellationToken))
                {
                    versions[OrderRow.ReadKey(reader)] = OrderRow.TryRead(reader, out _) is { } order ? OrderVersion.Of(order) : null;
                }

                return versions;
            },
            cancellationToken);
    }

    private void AddRecord(NpgsqlBatch batch, string? changedBy, long[] keys)
    {
        if (recordsChanges)
        {
            batch.BatchCommands.Add(new NpgsqlBatchCommand(StatusStatements.Record)
                .With(changedBy ?? "").With(Activity.Current?.TraceId.ToHexString() ?? ""));
            batch.BatchCommands.Add(new NpgsqlBatchCommand(StatusStatements.LockRecorded).With(keys));
        }
    }

    private void AddCheck(NpgsqlBatch batch, IReadOnlyList<StatusChange> changes)
    {
        StatusChange[] conditional = [.. changes.Where(change => change.Versions is not null)];
        NpgsqlBatchCommand check = new NpgsqlBatchCommand(
            StatusStatements.CheckAll(locks: !recordsChanges, ofVersions: conditional.Length > 0))
            .With((long)changes.Count).With<long[]>([.. changes.Select(change => change.OrderKey)]);
        batch.BatchCommands.Add(conditional.Length == 0 ? check : check
            .With<long[]>([.. conditional.Select(change => change.OrderKey)])
            .With(Bytes(conditional.SelectMany(change => change.Versions!))));
    }

    private static byte[][] Bytes(IEnumerable<OrderVersion> versions) => [.. versions.Select(version => version.ToBytes())];
}
