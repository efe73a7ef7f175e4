using Orders.Application.Lakebase;
using Orders.Infrastructure.Lakebase.Workspace;

namespace Orders.Infrastructure.Lakebase.Provisioning;

/// <summary>The database's catalog on Lakebase Autoscaling, the synced table in it, and its rows.</summary>
internal sealed class AutoscalingTables(AutoscalingNames names, ResourceSettings settings, DatabricksClient client)
{
    private const string Api = "api/2.0/postgres";

    private readonly string _catalog = $"{Api}/catalogs/{Uri.EscapeDataString(settings.Catalog)}";

    public IReadOnlyList<WorkspaceResource> All =>
    [
        new()
        {
            Label = "Catalog",
            Name = settings.Catalog,
            Right = ResourceRights.CatalogRight,
            ObserveAsync = ObserveCatalogAsync,
            CreateAsync = (_, token) => PostAsync(
                $"catalogs?catalog_id={Uri.EscapeDataString(settings.Catalog)}",
                new { Spec = new { PostgresDatabase = settings.Database, names.Branch, CreateDatabaseIfMissing = true } },
                token),
            DeleteAsync = token => DeleteAsync(_catalog, token),
        },
        SyncedTableResources.Table(names.Project, settings, FindTableAsync) with
        {
            IsUsableEarly = true,
            CreateAsync = (_, token) => CreateTableAsync(token),
            DeleteAsync = token => DeleteAsync(AutoscalingSyncedTable.Path(settings.Table), token),
        },
        SyncedTableResources.Pipeline(settings, FindTableAsync),
    ];

    private async Task<Observation> ObserveCatalogAsync(CreateResources? asked, CancellationToken cancellationToken) =>
        (await client.FindAsync<Catalog>(_catalog, cancellationToken)) switch
        {
            null => Observation.Absent,
            { Status.Branch: { } branch } when branch != names.Branch => ResourceRights.CatalogOf($"the branch {branch}"),
            { Status.PostgresDatabase: { } database } when database != settings.Database =>
                ResourceRights.CatalogOf($"the database {database}"),
            _ => Observation.Ready,
        };

    private async Task<SyncedTable?> FindTableAsync(CancellationToken cancellationToken) =>
        (await client.FindAsync<AutoscalingSyncedTable>(AutoscalingSyncedTable.Path(settings.Table), cancellationToken))?.ToSyncedTable();

    private Task<string?> CreateTableAsync(CancellationToken cancellationToken) => PostAsync(
        $"synced_tables?synced_table_id={Uri.EscapeDataString(settings.Table)}",
        new
        {
            Spec = new
            {
                names.Branch,
                PostgresDatabase = settings.Database,
                SourceTableFullName = ResourceSettings.Source,
                PrimaryKeyColumns = new[] { ResourceSettings.Key },
                ResourceSettings.TimeseriesKey,
                SchedulingPolicy = ResourceSettings.Policy,
                CreateDatabaseObjectsIfMissing = true,
                NewPipelineSpec = new { settings.StorageCatalog, settings.StorageSchema },
            },
        },
        cancellationToken);

    private async Task<string?> PostAsync(string path, object body, CancellationToken cancellationToken) =>
        (await client.PostAsync<WorkspaceOperation>($"{Api}/{path}", body, cancellationToken)).Body.Rest();

    private async Task<string?> DeleteAsync(string path, CancellationToken cancellationToken) =>
        (await client.DeleteAsync<WorkspaceOperation>(path, cancellationToken)).Body.Rest();

    private sealed record Catalog(CatalogStatus? Status);

    private sealed record CatalogStatus(string? Branch, string? PostgresDatabase);
}
