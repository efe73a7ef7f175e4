using Orders.Infrastructure.Lakebase.Workspace;

namespace Orders.Infrastructure.Lakebase.Provisioning;

/// <summary>What the workspace knows to lie on an instance.</summary>
internal sealed class ProvisionedContents(string instance, ResourceSettings settings, DatabricksClient client)
{
    private readonly WorkspaceLists _lists = new(client);

    /// <summary>Deleting an instance deletes all that is on it, and it may be shared. What can't be onProgress to be ours is somebody else's.</summary>
    /// <returns>The names of what is not configured here.</returns>
    /// <exception cref="DatabricksException">The workspace does not tell. Not every one does: Databricks' SDKs call these lists unimplemented.</exception>
    public async Task<IReadOnlyList<string>> FindOthersAsync(CancellationToken cancellationToken)
    {
        List<WorkspaceLists.Item> catalogs = await ReadAsync("catalogs", page => page.DatabaseCatalogs, cancellationToken);
        List<WorkspaceLists.Item> tables = await ReadAsync("synced_tables", page => page.SyncedTables, cancellationToken);
        return
        [
            .. catalogs.Where(catalog => catalog.Name != settings.Catalog).Select(catalog => $"the catalog {catalog.Name ?? "(nameless)"}"),
            .. tables.Where(table => table.Name != settings.Table).Select(table => $"the synced table {table.Name ?? "(nameless)"}"),
        ];
    }

    private Task<List<WorkspaceLists.Item>> ReadAsync(
        string kind, Func<WorkspaceLists.Page, IReadOnlyList<WorkspaceLists.Item>?> items, CancellationToken cancellationToken) =>
        _lists.ReadAsync($"api/2.0/database/instances/{Uri.EscapeDataString(instance)}/{kind}", items, cancellationToken);
}
