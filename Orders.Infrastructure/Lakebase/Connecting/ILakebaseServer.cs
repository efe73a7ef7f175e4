using Orders.Infrastructure.Lakebase.Workspace;

namespace Orders.Infrastructure.Lakebase.Connecting;

/// <summary>The database server on Lakebase. The two products have different calls for the same.</summary>
internal interface ILakebaseServer
{
    /// <summary>The name of the instance, or the resource name of the endpoint.</summary>
    string Name { get; }

    /// <summary>The setting that names it.</summary>
    string Setting { get; }

    /// <exception cref="DatabricksException">
    /// There is no such server, or it has no host name yet, or the workspace does not say.
    /// </exception>
    Task<LakebaseHosts> FindHostsAsync(DatabricksClient client, CancellationToken cancellationToken);

    /// <summary>Gets a new password for the role of the identity that is signed in to the workspace.</summary>
    /// <exception cref="DatabricksException">The workspace gives none.</exception>
    Task<DatabaseCredential> IssueCredentialAsync(DatabricksClient client, CancellationToken cancellationToken);

    /// <param name="client">The workspace.</param>
    /// <param name="table">catalog.schema.table.</param>
    /// <param name="cancellationToken">The caller's token.</param>
    /// <returns>A state that begins with <c>SYNCED_TABLE_</c>; null when the workspace leaves it open.</returns>
    /// <exception cref="DatabricksException">There is no such table, or the workspace does not say.</exception>
    Task<string?> FindTableStateAsync(DatabricksClient client, string table, CancellationToken cancellationToken);
}

/// <summary>The names of a server on Lakebase.</summary>
/// <param name="ReadWrite">That of its primary.</param>
/// <param name="ReadOnly">That of its readable secondaries; null when there are none.</param>
internal sealed record LakebaseHosts(string ReadWrite, string? ReadOnly);
