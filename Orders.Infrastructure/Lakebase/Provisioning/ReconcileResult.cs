using Orders.Application.Lakebase;

namespace Orders.Infrastructure.Lakebase.Provisioning;

/// <summary>The state of one resource while it is reconciled, or at the end.</summary>
internal sealed record ReconcileResult(StepState State, string? Detail = null, SyncPipeline? Pipeline = null);
