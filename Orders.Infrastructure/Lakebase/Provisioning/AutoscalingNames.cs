namespace Orders.Infrastructure.Lakebase.Provisioning;

/// <summary>The resource names in an endpoint's: each holds those before it.</summary>
/// <param name="Endpoint">projects/p/branches/b/endpoints/e.</param>
internal sealed record AutoscalingNames(string Endpoint)
{
    private readonly string[] _parts = Endpoint.Split('/');

    public string ProjectId => _parts[1];

    public string BranchId => _parts[3];

    public string EndpointId => _parts[5];

    public string Project => $"projects/{ProjectId}";

    public string Branch => $"{Project}/branches/{BranchId}";
}
