namespace Orders.Infrastructure.Lakebase.Workspace;

/// <param name="Body">The body.</param>
/// <param name="SentAt">By the workspace's clock; by this machine's when the answer has no date.</param>
internal sealed record DatabricksAnswer<T>(T Body, DateTimeOffset SentAt);
