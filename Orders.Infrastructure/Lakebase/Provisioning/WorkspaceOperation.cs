using Orders.Infrastructure.Lakebase.Workspace;

namespace Orders.Infrastructure.Lakebase.Provisioning;

/// <summary>A long-running operation, with which Autoscaling answers a change.</summary>
/// <param name="Name">Its resource name, to poll.</param>
/// <param name="Done">It has ended, well or not.</param>
/// <param name="Error">The reason of a failure.</param>
internal sealed record WorkspaceOperation(string? Name, bool? Done, WorkspaceOperation.Failure? Error)
{
    /// <returns>The path to poll; null when it has ended, or can't be polled.</returns>
    /// <exception cref="DatabricksException">It failed.</exception>
    public string? Rest() => this switch
    {
        { Error: { } error } => throw new DatabricksException(
            null, error.ErrorCode ?? "UNKNOWN", error.Message ?? "It failed without a word."),
        { Done: true } => null,
        _ => Name is { Length: > 0 } ? $"api/2.0/postgres/{Name}" : null,
    };

    internal sealed record Failure(string? ErrorCode, string? Message);
}
