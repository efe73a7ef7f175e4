
namespace Orders.Infrastructure.Lakebase.Workspace;

/// <summary>A synced table in the JSON of Lakebase Provisioned.</summary>
internal sealed record ProvisionedSyncedTable(
    string? DatabaseInstanceName, string? EffectiveDatabaseInstanceName, string? LogicalDatabaseName, string? EffectiveLogicalDatabaseName,
    string? UnityCatalogProvisioningState, ProvisionedSyncedTable.SpecPart? Spec,
    ProvisionedSyncedTable.StatusPart? DataSynchronizationStatus)
{
    /// <param name="name">catalog.schema.table.</param>
    public static string Path(string name) => $"api/2.0/database/synced_tables/{Uri.EscapeDataString(name)}";

    public SyncedTable ToSyncedTable() => new()
    {
        Server = EffectiveDatabaseInstanceName ?? DatabaseInstanceName,
        Database = EffectiveLogicalDatabaseName ?? LogicalDatabaseName,
        Source = Spec?.SourceTableFullName,
        CatalogState = UnityCatalogProvisioningState,
        State = DataSynchronizationStatus?.DetailedState,
        Message = DataSynchronizationStatus?.Message,
        PipelineId = DataSynchronizationStatus?.PipelineId,
        Completion = DataSynchronizationStatus?.ProvisioningStatus?.InitialPipelineSyncProgress?.SyncProgressCompletion,
    };

    internal sealed record SpecPart(string? SourceTableFullName);

    internal sealed record StatusPart(string? DetailedState, string? Message, string? PipelineId, ProvisioningPart? ProvisioningStatus);

    internal sealed record ProvisioningPart(ProgressPart? InitialPipelineSyncProgress);

    internal sealed record ProgressPart(double? SyncProgressCompletion);
}
