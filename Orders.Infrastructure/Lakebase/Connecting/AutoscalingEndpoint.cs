using Orders.Infrastructure.Lakebase.Workspace;

namespace Orders.Infrastructure.Lakebase.Connecting;

/// <summary>Lakebase Autoscaling: <c>/api/2.0/postgres</c>.</summary>
/// <param name="name">projects/p/branches/b/endpoints/e.</param>
internal sealed class AutoscalingEndpoint(string name) : ILakebaseServer
{
    public string Name => name;

    public string Setting => "Lakebase:Endpoint";

    public async Task<LakebaseHosts> FindHostsAsync(DatabricksClient client, CancellationToken cancellationToken)
    {
        DatabricksAnswer<Endpoint> endpoint = await client.GetAsync<Endpoint>($"api/2.0/postgres/{name}", cancellationToken);
        return endpoint.Body.Status?.Hosts is { Host: { Length: > 0 } host, ReadOnlyHost: var readOnly }
            ? new LakebaseHosts(host, readOnly)
            : throw new DatabricksException(null, DatabricksException.NoHost, "The endpoint has no host name yet.");
    }

    public async Task<DatabaseCredential> IssueCredentialAsync(DatabricksClient client, CancellationToken cancellationToken)
    {
        DatabricksAnswer<Credential> answer = await client.PostAsync<Credential>(
            "api/2.0/postgres/credentials", new { Endpoint = name }, cancellationToken);
        return answer.Body.Token is { Length: > 0 } token
            ? new DatabaseCredential(new Secret(token), CredentialLifetime.Until(answer.Body.ExpireTime, answer.SentAt))
            : throw new DatabricksException(null, DatabricksException.Unreadable, "The answer has no credential.");
    }

    public async Task<string?> FindTableStateAsync(DatabricksClient client, string table, CancellationToken cancellationToken) =>
        (await client.GetAsync<AutoscalingSyncedTable>(AutoscalingSyncedTable.Path(table), cancellationToken)).Body.ToSyncedTable().State;

    // Classes, because a record would print its password.
    private sealed class Credential
    {
        public string? Token { get; init; }

        public string? ExpireTime { get; init; }
    }

    private sealed record Endpoint(EndpointStatus? Status);

    private sealed record EndpointStatus(EndpointHosts? Hosts);

    private sealed record EndpointHosts(string? Host, string? ReadOnlyHost);
}
