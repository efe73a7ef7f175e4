using Orders.Infrastructure.Lakebase.Provisioning;
using Orders.Infrastructure.Lakebase.Workspace;

namespace Orders.Infrastructure.Lakebase.Connecting;

/// <summary>The database server that is connected to, on one of the two products, which differ in their calls.</summary>
internal interface ILakebaseTarget
{
    /// <summary>The setting that names it.</summary>
    string Setting { get; }

    /// <exception cref="DatabricksException">There is no such server, or it has no host name yet, or the workspace does not say.</exception>
    Task<string> FindHostAsync(DatabricksClient client, CancellationToken cancellationToken);

    /// <summary>A fresh password for the role of whoever is signed in to the workspace.</summary>
    /// <exception cref="DatabricksException">The workspace gives none.</exception>
    Task<DatabaseCredential> IssueCredentialAsync(DatabricksClient client, CancellationToken cancellationToken);

    /// <param name="client">The workspace.</param>
    /// <param name="table">catalog.schema.table.</param>
    /// <param name="cancellationToken">The caller's token.</param>
    /// <returns>One of the names that begin with <c>SYNCED_TABLE_</c>, or null when the workspace leaves it open.</returns>
    /// <exception cref="DatabricksException">There is no such table, or the workspace does not say.</exception>
    Task<string?> FindTableStateAsync(DatabricksClient client, string table, CancellationToken cancellationToken);

    /// <summary>What is made and deleted with the server.</summary>
    WorkspaceResources Resources(ResourceSettings settings, DatabricksClient client);
}
