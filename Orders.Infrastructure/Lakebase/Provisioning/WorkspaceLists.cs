using Orders.Infrastructure.Lakebase.Workspace;

namespace Orders.Infrastructure.Lakebase.Provisioning;

/// <summary>Reads the workspace's lists, page by page.</summary>
internal sealed class WorkspaceLists(DatabricksClient client)
{
    /// <param name="path">Relative to the workspace.</param>
    /// <param name="items">Selects the list's member of a page.</param>
    /// <param name="cancellationToken">The caller's token.</param>
    /// <exception cref="DatabricksException">The workspace does not say.</exception>
    public async Task<List<Item>> ReadAsync(string path, Func<Page, IReadOnlyList<Item>?> items, CancellationToken cancellationToken)
    {
        List<Item> all = [];
        string? next = null;
        do
        {
            string query = next is null ? "" : $"?page_token={Uri.EscapeDataString(next)}";
            Page page = (await client.GetAsync<Page>($"{path}{query}", cancellationToken)).Body;
            all.AddRange(items(page) ?? []);
            next = page.NextPageToken;
        }
        while (!string.IsNullOrEmpty(next));

        return all;
    }

    internal sealed record Page(
        IReadOnlyList<Item>? Branches, IReadOnlyList<Item>? Endpoints, IReadOnlyList<Item>? Databases, IReadOnlyList<Item>? Roles,
        IReadOnlyList<Item>? DatabaseCatalogs, IReadOnlyList<Item>? SyncedTables, string? NextPageToken);

    internal sealed record Item(string? Name, ItemStatus? Status);

    internal sealed record ItemStatus(string? PostgresDatabase, string? PostgresRole);
}
