using Orders.Infrastructure.Lakebase.Workspace;

namespace Orders.Infrastructure.Lakebase.Provisioning;

/// <summary>What Autoscaling answers a change with: work that goes on.</summary>
/// <param name="Name">To ask after it.</param>
/// <param name="Done">Whether it is over, well or not.</param>
/// <param name="Error">Why it failed.</param>
internal sealed record WorkspaceOperation(string? Name, bool? Done, WorkspaceOperation.Failure? Error)
{
    /// <returns>Where to ask for the rest of it; null when it is over, or can't be asked after.</returns>
    /// <exception cref="DatabricksException">It failed.</exception>
    public string? Rest() => this switch
    {
        { Error: { } error } => throw new DatabricksException(null, error.ErrorCode ?? "UNKNOWN", error.Message ?? "It failed without a word."),
        { Done: true } => null,
        _ => Name is { Length: > 0 } ? $"api/2.0/postgres/{Name}" : null,
    };

    internal sealed record Failure(string? ErrorCode, string? Message);
}
