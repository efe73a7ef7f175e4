using Orders.Infrastructure.Lakebase.Workspace;

namespace Orders.Infrastructure.Lakebase.Provisioning;

/// <summary>Lists the contents of an instance.</summary>
internal sealed class ProvisionedContents(string instance, ResourceSettings settings, DatabricksClient client)
{
    private readonly WorkspaceLists _lists = new(client);

    /// <summary>
    /// Finds what others may have on the instance, which would be deleted with it. Whatever is not known to be ours counts.
    /// </summary>
    /// <returns>The names that are not configured here.</returns>
    /// <exception cref="DatabricksException">
    /// The workspace does not tell. Not every one does: Databricks' SDKs call these lists unimplemented.
    /// </exception>
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
