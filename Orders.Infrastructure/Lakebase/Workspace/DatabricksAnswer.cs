namespace Orders.Infrastructure.Lakebase.Workspace;

/// <param name="Body">What was asked for.</param>
/// <param name="SentAt">By the workspace's clock; by this machine's where the answer does not tell.</param>
internal sealed record DatabricksAnswer<T>(T Body, DateTimeOffset SentAt);
