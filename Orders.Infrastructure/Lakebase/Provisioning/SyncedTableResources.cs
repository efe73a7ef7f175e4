using Orders.Infrastructure.Lakebase.Workspace;

namespace Orders.Infrastructure.Lakebase.Provisioning;

/// <summary>The synced table and its rows, which are the same on both products but for the calls that create and delete the table.</summary>
internal static class SyncedTableResources
{
    /// <summary>The table, for the caller to add how it is created and deleted.</summary>
    /// <param name="server">The instance or project that it must be on.</param>
    /// <param name="settings">Its name and its other expected properties.</param>
    /// <param name="findAsync">Finds it in the workspace; null when it is not there.</param>
    public static WorkspaceResource Table(
        string server, ResourceSettings settings, Func<CancellationToken, Task<SyncedTable?>> findAsync) => new()
        {
            Label = "Synced table",
            Name = settings.Table,
            Right = ResourceRights.TableRight(settings),
            ObserveAsync = async (_, token) =>
                await findAsync(token) is { } table ? new SyncedTableObserver(table).ObserveTable(server, settings) : Observation.Absent,
        };

    /// <summary>The pipeline that copies the rows. It comes and goes with the table.</summary>
    /// <inheritdoc cref="Table"/>
    public static WorkspaceResource Pipeline(ResourceSettings settings, Func<CancellationToken, Task<SyncedTable?>> findAsync) => new()
    {
        Label = "Pipeline",
        Name = settings.Table,
        Right = ResourceRights.TableRight(settings),
        Timeout = ResourceRights.CopyTimeout,
        ObserveAsync = async (_, token) =>
            await findAsync(token) is { } table ? new SyncedTableObserver(table).ObserveRows(settings) : Observation.Absent,
    };
}
