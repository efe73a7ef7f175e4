
namespace Orders.Infrastructure.Lakebase.Workspace;

/// <summary>A synced table, as Lakebase Autoscaling tells of it: with the status and without what was asked for, so that its source can't be onProgress.</summary>
internal sealed record AutoscalingSyncedTable(AutoscalingSyncedTable.SpecPart? Spec, AutoscalingSyncedTable.StatusPart? Status)
{
    /// <param name="name">catalog.schema.table.</param>
    public static string Path(string name) => $"api/2.0/postgres/synced_tables/{Uri.EscapeDataString(name)}";

    public SyncedTable ToSyncedTable() => new()
    {
        Server = Status?.Project,
        Database = Spec?.PostgresDatabase,
        Source = Spec?.SourceTableFullName,
        CatalogState = Status?.UnityCatalogProvisioningState,
        State = Status?.DetailedState,
        Message = Status?.Message,
        PipelineId = Status?.PipelineId,
        Completion = Status?.OngoingSyncProgress?.SyncProgressCompletion,
    };

    internal sealed record SpecPart(string? PostgresDatabase, string? SourceTableFullName);

    internal sealed record StatusPart(
        string? Project, string? UnityCatalogProvisioningState, string? DetailedState, string? Message, string? PipelineId, ProgressPart? OngoingSyncProgress);

    internal sealed record ProgressPart(double? SyncProgressCompletion);
}
