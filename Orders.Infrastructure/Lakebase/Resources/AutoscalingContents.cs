namespace Orders.Infrastructure.Lakebase.Resources;

/// <summary>What a project holds.</summary>
internal sealed class AutoscalingContents(AutoscalingNames names, ResourceSettings settings, DatabricksClient client)
{
    // What each project comes with.
    private const string FirstBranch = "production";
    private const string FirstDatabase = "databricks_postgres";

    /// <exception cref="DatabricksException">The workspace does not tell.</exception>
    public async Task<bool> HasRoleAsync(string role, CancellationToken cancellationToken) =>
        (await ListAsync($"{names.Branch}/roles", page => page.Roles, cancellationToken)).Any(item => item.Status?.PostgresRole == role);

    /// <summary>Deleting a project deletes all that is in it, and it may be shared.</summary>
    /// <exception cref="DatabricksException">It holds branches or databases that are not configured here.</exception>
    public async Task RequireNothingElseAsync(CancellationToken cancellationToken)
    {
        List<Item> branches = await ListAsync($"{names.Project}/branches", page => page.Branches, cancellationToken);
        List<string> others = [.. branches.Select(branch => branch.Name).OfType<string>().Where(name => name != names.Branch && name != $"{names.Project}/branches/{FirstBranch}")];
        if (others.Count == 0)
        {
            foreach (string branch in branches.Select(branch => branch.Name).OfType<string>())
            {
                others.AddRange((await ListAsync($"{branch}/databases", page => page.Databases, cancellationToken))
                    .Select(item => item.Status?.PostgresDatabase)
                    .OfType<string>()
                    .Where(database => database != settings.Database && database != FirstDatabase)
                    .Select(database => $"{branch}/databases/{database}"));
            }
        }

        if (others.Count > 0)
        {
            throw new DatabricksException(
                null, NotEmpty, $"It holds what is not configured here, and is left alone: {string.Join(", ", others)}. Delete that first, or the project, in the workspace.");
        }
    }

    private const string NotEmpty = "PROJECT_IS_SHARED";

    private async Task<List<Item>> ListAsync(string path, Func<Page, IReadOnlyList<Item>?> items, CancellationToken cancellationToken)
    {
        List<Item> all = [];
        string? next = null;
        do
        {
            string query = next is null ? "" : $"?page_token={Uri.EscapeDataString(next)}";
            Page page = (await client.GetAsync<Page>($"api/2.0/postgres/{path}{query}", cancellationToken)).Body;
            all.AddRange(items(page) ?? []);
            next = page.NextPageToken;
        }
        while (!string.IsNullOrEmpty(next));

        return all;
    }

    private sealed record Page(IReadOnlyList<Item>? Branches, IReadOnlyList<Item>? Databases, IReadOnlyList<Item>? Roles, string? NextPageToken);

    private sealed record Item(string? Name, ItemStatus? Status);

    private sealed record ItemStatus(string? PostgresDatabase, string? PostgresRole);
}
