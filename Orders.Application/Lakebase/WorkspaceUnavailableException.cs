namespace Orders.Application.Lakebase;

/// <summary>The workspace did not say which resources exist.</summary>
/// <param name="reason">A sentence for clients, without a host name.</param>
/// <param name="cause">The error.</param>
public sealed class WorkspaceUnavailableException(string reason, Exception cause) : Exception(reason, cause);
