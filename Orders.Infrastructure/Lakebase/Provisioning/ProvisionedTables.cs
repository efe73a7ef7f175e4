using Orders.Application.Lakebase;
using Orders.Infrastructure.Lakebase.Workspace;

namespace Orders.Infrastructure.Lakebase.Provisioning;

/// <summary>The database's catalog on Lakebase Provisioned, the synced table in it, and its rows.</summary>
internal sealed class ProvisionedTables(string instance, ResourceSettings settings, DatabricksClient client)
{
    private const string Api = "api/2.0/database";

    private readonly string _catalog = $"{Api}/catalogs/{Uri.EscapeDataString(settings.Catalog)}";

    public IReadOnlyList<WorkspaceResource> All =>
    [
        new()
        {
            Label = "Catalog",
            Name = settings.Catalog,
            Right = ResourceRights.CatalogRight,
            ObserveAsync = ObserveCatalogAsync,
            CreateAsync = CreateCatalogAsync,
            DeleteAsync = token => DeleteAsync(_catalog, token),
        },
        SyncedTableResources.Table(instance, settings, FindTableAsync) with
        {
            CreateAsync = CreateTableAsync,
            DeleteAsync = token => DeleteAsync($"{ProvisionedSyncedTable.Path(settings.Table)}?purge_data=true", token),
        },
        SyncedTableResources.Pipeline(settings, FindTableAsync),
    ];

    private async Task<Observation> ObserveCatalogAsync(CreateResources? asked, CancellationToken cancellationToken) =>
        await client.FindAsync<Catalog>(_catalog, cancellationToken) switch
        {
            null => Observation.Absent,
            { DatabaseInstanceName: { } other } when other != instance => ResourceRights.CatalogOf($"the instance {other}"),
            { DatabaseName: { } database } when database != settings.Database => ResourceRights.CatalogOf($"the database {database}"),
            _ => Observation.Ready,
        };

    private async Task<string?> CreateCatalogAsync(CreateResources asked, CancellationToken cancellationToken)
    {
        await client.PostAsync<Catalog>(
            $"{Api}/catalogs",
            new
            {
                Name = settings.Catalog,
                DatabaseInstanceName = instance,
                DatabaseName = settings.Database,
                CreateDatabaseIfNotExists = true,
            },
            cancellationToken);
        return null;
    }

    private async Task<SyncedTable?> FindTableAsync(CancellationToken cancellationToken) =>
        (await client.FindAsync<ProvisionedSyncedTable>(ProvisionedSyncedTable.Path(settings.Table), cancellationToken))?.ToSyncedTable();

    private async Task<string?> CreateTableAsync(CreateResources asked, CancellationToken cancellationToken)
    {
        await client.PostAsync<ProvisionedSyncedTable>(
            $"{Api}/synced_tables",
            new
            {
                Name = settings.Table,
                DatabaseInstanceName = instance,
                LogicalDatabaseName = settings.Database,
                Spec = new
                {
                    SourceTableFullName = ResourceSettings.Source,
                    PrimaryKeyColumns = new[] { ResourceSettings.Key },
                    ResourceSettings.TimeseriesKey,
                    SchedulingPolicy = ResourceSettings.Policy,
                    CreateDatabaseObjectsIfMissing = true,
                    NewPipelineSpec = new { settings.StorageCatalog, settings.StorageSchema },
                },
            },
            cancellationToken);
        return null;
    }

    private async Task<string?> DeleteAsync(string path, CancellationToken cancellationToken)
    {
        await client.DeleteAsync<object>(path, cancellationToken);
        return null;
    }

    private sealed record Catalog(string? DatabaseInstanceName, string? DatabaseName);
}
