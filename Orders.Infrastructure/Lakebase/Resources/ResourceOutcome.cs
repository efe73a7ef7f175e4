using Orders.Application.Resources;

namespace Orders.Infrastructure.Lakebase.Resources;

/// <summary>How the work on one resource ended, or how far it is.</summary>
internal sealed record ResourceOutcome(StepState State, string? Detail = null, SyncPipeline? Pipeline = null);
