using Orders.Application.Lakebase;

namespace Orders.Infrastructure.Lakebase.Provisioning;

/// <summary>How the work on one resource ended, or how far it is.</summary>
internal sealed record ReconcileResult(StepState State, string? Detail = null, SyncPipeline? Pipeline = null);
