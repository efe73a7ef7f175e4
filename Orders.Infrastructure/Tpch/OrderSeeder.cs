using Npgsql;
using Orders.Application;
using Orders.Application.Seeding;
using Orders.Infrastructure.Postgres;

namespace Orders.Infrastructure.Tpch;

internal sealed class OrderSeeder(DatabaseConnections database) : IOrderSeeder
{
    public async Task<long> LoadAsync(SeedRequest request, IProgress<SeedProgress> progress, CancellationToken cancellationToken)
    {
        var run = new SeedRun(request.ScaleFactor, progress);
        run.Enter(SeedStage.Preparing);
        TableState state = TableState.Unchanged;
        try
        {
            await using NpgsqlConnection connection = await database.OpenAsync(retries: true, cancellationToken);
            var table = new OrderTable(connection);
            await table.LiftTimeLimitsAsync(cancellationToken);
            if (!await IsWantedAsync(table, request.Mode, cancellationToken))
            {
                return 0;
            }

            await ServerDisk.RequireAsync(connection, table, request.ScaleFactor, cancellationToken);
            await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellationToken);

            // Another load may have filled the table while this one waited for the lock.
            await table.LockAgainstWritersAsync(cancellationToken);
            if (!await IsWantedAsync(table, request.Mode, cancellationToken))
            {
                return 0;
            }

            long rows = await FillAsync(table, request, run, cancellationToken);
            run.Enter(SeedStage.Committing);
            state = TableState.Unknown;
            await transaction.CommitAsync(CancellationToken.None);
            state = TableState.Filled;
            run.Enter(SeedStage.Vacuuming);
            await table.VacuumAsync(cancellationToken);
            return rows;
        }
        catch (Exception e) when (state != TableState.Unknown && cancellationToken.IsCancellationRequested)
        {
            // A cancelled write appears as a lost connection. After the commit, the message must say that the table has changed.
            throw state == TableState.Unchanged
                ? new OperationCanceledException("The load was stopped.", e, cancellationToken)
                : new SeedException($"Stopped. {SeedFailure.Describe(state)}", e);
        }
        catch (Exception e) when (e is DatabaseUnavailableException or NpgsqlException or IOException or TimeoutException)
        {
            throw new SeedException($"{SeedFailure.Describe(e)} {SeedFailure.Describe(state)}", e);
        }
        finally
        {
            ReleaseTextPool();
        }
    }

    private static async Task<bool> IsWantedAsync(OrderTable table, SeedMode mode, CancellationToken cancellationToken)
    {
        if (mode == SeedMode.Replace || !await table.HasRowsAsync(cancellationToken))
        {
            return true;
        }

        return mode == SeedMode.IfEmpty
            ? false
            : throw new SeedException(
                "The table orders_synced has rows already. Give --replace to replace them, or --if-empty to leave them.");
    }

    private static async Task<long> FillAsync(OrderTable table, SeedRequest request, SeedRun run, CancellationToken cancellationToken)
    {
        Task<TextPool> pool = Task.Run(() => TextPool.Create(cancellationToken), cancellationToken);
        if (request.Mode == SeedMode.Replace)
        {
            run.Enter(SeedStage.Removing);
            await table.RemoveAllAsync(cancellationToken);
        }

        long rows = 0L;
        await table.CopyAsync(
            async (format, output) => rows = await run.WriteAsync(format, await pool, output, cancellationToken),
            cancellationToken);
        return rows;
    }

    // A service that loads the sample data when it starts keeps running, so the 300 MiB go back to the system now.
    private static void ReleaseTextPool() => GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
}

/// <summary>The state of the table after a load that failed.</summary>
internal enum TableState
{
    Unchanged,

    /// <summary>The commit was sent and no reply came.</summary>
    Unknown,

    /// <summary>Committed, but not vacuumed.</summary>
    Filled,
}
