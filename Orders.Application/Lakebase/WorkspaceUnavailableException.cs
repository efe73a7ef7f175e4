namespace Orders.Application.Lakebase;

/// <summary>The workspace does not tell what it has.</summary>
/// <param name="reason">A sentence for anybody, without a host name.</param>
/// <param name="cause">What went wrong.</param>
public sealed class WorkspaceUnavailableException(string reason, Exception cause) : Exception(reason, cause);
