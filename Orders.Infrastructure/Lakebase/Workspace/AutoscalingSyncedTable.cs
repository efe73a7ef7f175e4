
namespace Orders.Infrastructure.Lakebase.Workspace;

/// <summary>A synced table in the JSON of Lakebase Autoscaling. Its answers may lack the spec, and with it the source.</summary>
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
        string? Project, string? UnityCatalogProvisioningState, string? DetailedState, string? Message, string? PipelineId,
        ProgressPart? OngoingSyncProgress);

    internal sealed record ProgressPart(double? SyncProgressCompletion);
}
