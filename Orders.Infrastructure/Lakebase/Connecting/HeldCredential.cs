using Orders.Infrastructure.Lakebase.Workspace;

namespace Orders.Infrastructure.Lakebase.Connecting;

/// <summary>A password in use.</summary>
/// <param name="Password">The password.</param>
/// <param name="Lifetime">Counted from the request.</param>
/// <param name="AskedAt">By the monotonic clock, which can't be set.</param>
internal sealed record HeldCredential(Secret Password, TimeSpan Lifetime, long AskedAt);
