using Orders.Infrastructure.Lakebase.Workspace;

namespace Orders.Infrastructure.Lakebase.Provisioning;

/// <summary>The request to create or delete a resource, which is sent once, and the operation that it started.</summary>
internal sealed class WorkspaceRequest(bool isUsableEarly)
{
    private string? _operation;

    public bool IsMade { get; private set; }

    public async Task MakeAsync(Func<Task<string?>> make)
    {
        _operation = await make();
        IsMade = true;
    }

    /// <exception cref="DatabricksException">It failed.</exception>
    public async Task<bool> IsOverAsync(DatabricksClient client, CancellationToken cancellationToken)
    {
        if (_operation is not null)
        {
            _operation = (await client.FindAsync<WorkspaceOperation>(_operation, cancellationToken))?.Rest();
        }

        return _operation is null || isUsableEarly;
    }
}
