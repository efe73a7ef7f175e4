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
    /// <summary>One change, which waits for a lock as long as a statement may.</summary>
    /// <param name="change">The change.</param>
    /// <param name="changedBy">The caller to record; null when unknown.</param>
    /// <param name="connection">Where to make it.</param>
    /// <param name="cancellationToken">The caller's token.</param>
    /// <returns>The order as it is now; null when there is none of the versions.</returns>
    public async Task<Order?> UpdateAsync(
        StatusChange change, string? changedBy, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using NpgsqlBatch batch = connection.CreateBatch();
        AddRecord(batch, changedBy, [change.OrderKey]);
        NpgsqlBatchCommand update = new NpgsqlBatchCommand(
            change.Versions is null ? StatusStatements.UpdateOne : StatusStatements.UpdateOneOfVersions)
            .With(change.Status.Code).With(change.OrderKey);
        batch.BatchCommands.Add(change.Versions is null ? update : update.With(Bytes(change.Versions)));
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellationToken);
        await SkipAsync(reader, batch.BatchCommands.Count - 1, cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? OrderRow.Read(reader) : null;
    }

    /// <summary>Several changes, each of another order, which together wait for no lock for long.</summary>
    /// <param name="changes">The changes.</param>
    /// <param name="allOrNone">Make none unless all can be made; then locks are waited for a while, and not left out.</param>
    /// <param name="changedBy">The caller to record; null when unknown.</param>
    /// <param name="cancellationToken">The caller's token.</param>
    /// <returns>The keys of the orders that were changed, with their new versions where these were asked for.</returns>
    public Task<Dictionary<long, OrderVersion?>> UpdateAsync(
        IReadOnlyList<StatusChange> changes, bool allOrNone, string? changedBy, CancellationToken cancellationToken) =>
        table.WriteAsync(connection => UpdateAsync(changes, allOrNone, changedBy, connection, cancellationToken), cancellationToken);

    /// <summary>All changes or none, one statement after another, where PostgreSQL can't plan a statement for several.</summary>
    /// <inheritdoc cref="UpdateAsync(IReadOnlyList{StatusChange}, bool, string?, CancellationToken)"/>
    public Task<Dictionary<long, OrderVersion?>> UpdateOneByOneAsync(
        IReadOnlyList<StatusChange> changes, string? changedBy, CancellationToken cancellationToken) =>
        table.WriteAsync(
            async connection =>
            {
                Dictionary<long, OrderVersion?> updated = new(changes.Count);
                await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellationToken);
                foreach (StatusChange change in changes.OrderBy(change => change.OrderKey))
                {
                    if (await UpdateAsync(change, changedBy, connection, cancellationToken) is not { } order)
                    {
                        return [];
                    }

                    updated[change.OrderKey] = change.ReturnsVersion ? OrderVersion.Of(order) : null;
                }

                await transaction.CommitAsync(cancellationToken);
                return updated;
            },
            cancellationToken);

    private async Task<Dictionary<long, OrderVersion?>> UpdateAsync(
        IReadOnlyList<StatusChange> changes, bool allOrNone, string? changedBy, NpgsqlConnection connection,
        CancellationToken cancellationToken)
    {
        await using NpgsqlBatch batch = connection.CreateBatch();
        batch.BatchCommands.Add(new NpgsqlBatchCommand(StatusStatements.LimitWaiting));
        AddRecord(batch, changedBy, [.. changes.Select(change => change.OrderKey).Order()]);
        if (allOrNone)
        {
            AddCheck(batch, changes);
        }

        int others = batch.BatchCommands.Count;
        string keys = allOrNone ? StatusStatements.AllKeys : recordsChanges ? StatusStatements.Keys : StatusStatements.UnlockedKeys;
        List<bool> returnsOrders = [];
        foreach (var group in changes.GroupBy(change => (change.Status, change.Versions is not null, change.ReturnsVersion)))
        {
            (OrderStatus status, bool ofVersions, bool returnsVersion) = group.Key;
            NpgsqlBatchCommand update = new NpgsqlBatchCommand(StatusStatements.Update(keys, ofVersions, returnsVersion))
                .With(status.Code).With(group.Select(change => change.OrderKey).ToArray());
            batch.BatchCommands.Add(ofVersions ? update.With(Bytes(group.SelectMany(change => change.Versions!))) : update);
            returnsOrders.Add(returnsVersion);
        }

        Dictionary<long, OrderVersion?> updated = new(changes.Count);
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellationToken);
        await SkipAsync(reader, others, cancellationToken);
        foreach (bool isOrder in returnsOrders)
        {
            while (await reader.ReadAsync(cancellationToken))
            {
                updated[OrderRow.ReadKey(reader)] = isOrder ? OrderVersion.Of(OrderRow.Read(reader)) : null;
            }

            await reader.NextResultAsync(cancellationToken);
        }

        return updated;
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
            .With((long)changes.Count).With(changes.Select(change => change.OrderKey).ToArray());
        batch.BatchCommands.Add(conditional.Length == 0 ? check : check
            .With(conditional.Select(change => change.OrderKey).ToArray()).With(Bytes(conditional.SelectMany(change => change.Versions!))));
    }

    private static async Task SkipAsync(NpgsqlDataReader reader, int results, CancellationToken cancellationToken)
    {
        for (int skipped = 0; skipped < results; skipped++)
        {
            await reader.NextResultAsync(cancellationToken);
        }
    }

    private static byte[][] Bytes(IEnumerable<OrderVersion> versions) => [.. versions.Select(version => version.ToBytes())];
}
