using Orders.Infrastructure.Lakebase.Workspace;

namespace Orders.Infrastructure.Lakebase.Provisioning;

/// <summary>Lists the contents of a project.</summary>
internal sealed class AutoscalingContents(AutoscalingNames names, ResourceSettings settings, DatabricksClient client)
{
    private const string Api = "api/2.0/postgres";

    // The branch that each project has from the start, and the endpoint and database of each branch.
    private const string FirstBranch = "production";
    private const string FirstEndpoint = "primary";
    private const string FirstDatabase = "databricks_postgres";

    private readonly WorkspaceLists _lists = new(client);

    /// <exception cref="DatabricksException">The workspace does not say.</exception>
    public async Task<bool> HasRoleAsync(string role, CancellationToken cancellationToken) =>
        (await _lists.ReadAsync($"{Api}/{names.Branch}/roles", page => page.Roles, cancellationToken)).Any(
            item => item.Status?.PostgresRole == role);

    /// <summary>
    /// Finds what others may have in the project, which would be deleted with it. Whatever is not known to be ours counts.
    /// </summary>
    /// <returns>The names that are not configured here.</returns>
    /// <exception cref="DatabricksException">The workspace does not say.</exception>
    public async Task<IReadOnlyList<string>> FindOthersAsync(CancellationToken cancellationToken)
    {
        List<string> others = [];
        foreach (WorkspaceLists.Item branch in await ReadAsync(names.Project, "branches", page => page.Branches, cancellationToken))
        {
            if (branch.Name is not { } name || (name != names.Branch && name != $"{names.Project}/branches/{FirstBranch}"))
            {
                others.Add(branch.Name ?? $"{names.Project}/branches/(nameless)");
                continue;
            }

            others.AddRange((await ReadAsync(name, "endpoints", page => page.Endpoints, cancellationToken))
                .Select(endpoint => endpoint.Name)
                .Where(endpoint => endpoint != names.Endpoint && endpoint != $"{name}/endpoints/{FirstEndpoint}")
                .Select(endpoint => endpoint ?? $"{name}/endpoints/(nameless)"));
            others.AddRange((await ReadAsync(name, "databases", page => page.Databases, cancellationToken))
                .Select(database => database.Status?.PostgresDatabase)
                .Where(database => database != settings.Database && database != FirstDatabase)
                .Select(database => $"{name}/databases/{database ?? "(nameless)"}"));
        }

        return others;
    }

    /// <summary>None of these lists is ever empty, so an empty one is incomplete.</summary>
    private async Task<List<WorkspaceLists.Item>> ReadAsync(
        string parent, string kind, Func<WorkspaceLists.Page, IReadOnlyList<WorkspaceLists.Item>?> items,
        CancellationToken cancellationToken) =>
        await _lists.ReadAsync($"{Api}/{parent}/{kind}", items, cancellationToken) is { Count: > 0 } all
            ? all
            : throw new DatabricksException(null, "EMPTY_LIST", $"There are no {kind} in its list of those of {parent}.");
}
