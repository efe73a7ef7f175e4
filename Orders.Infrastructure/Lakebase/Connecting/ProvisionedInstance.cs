using Orders.Infrastructure.Lakebase.Workspace;

namespace Orders.Infrastructure.Lakebase.Connecting;

/// <summary>Lakebase Provisioned: <c>/api/2.0/database</c>.</summary>
internal sealed class ProvisionedInstance(string name) : ILakebaseServer
{
    public string Name => name;

    public string Setting => "Lakebase:InstanceName";

    public async Task<LakebaseHosts> FindHostsAsync(DatabricksClient client, CancellationToken cancellationToken)
    {
        DatabricksAnswer<Instance> instance = await client.GetAsync<Instance>(
            $"api/2.0/database/instances/{Uri.EscapeDataString(name)}", cancellationToken);
        return instance.Body is { ReadWriteDns: { Length: > 0 } host, ReadOnlyDns: var readOnly }
            ? new LakebaseHosts(host, readOnly)
            : throw new DatabricksException(null, DatabricksException.NoHost, "The instance has no host name yet.");
    }

    public async Task<DatabaseCredential> IssueCredentialAsync(DatabricksClient client, CancellationToken cancellationToken)
    {
        var body = new { InstanceNames = new[] { name }, RequestId = Guid.NewGuid().ToString() };
        DatabricksAnswer<Credential> answer = await client.PostAsync<Credential>("api/2.0/database/credentials", body, cancellationToken);
        return answer.Body.Token is { Length: > 0 } token
            ? new DatabaseCredential(new Secret(token), CredentialLifetime.Until(answer.Body.ExpirationTime, answer.SentAt))
            : throw new DatabricksException(null, DatabricksException.Unreadable, "The answer has no credential.");
    }

    public async Task<string?> FindTableStateAsync(DatabricksClient client, string table, CancellationToken cancellationToken) =>
        (await client.GetAsync<ProvisionedSyncedTable>(ProvisionedSyncedTable.Path(table), cancellationToken)).Body.ToSyncedTable().State;

    // A class, because a record would print its password.
    private sealed class Credential
    {
        public string? Token { get; init; }

        public string? ExpirationTime { get; init; }
    }

    private sealed record Instance(string? ReadWriteDns, string? ReadOnlyDns);
}
