using Orders.Application.Lakebase;

namespace Orders.Infrastructure.Lakebase.Provisioning;

/// <summary>One look at a resource.</summary>
/// <param name="Condition">Its condition.</param>
/// <param name="Detail">The workspace's description, or the reason why it can't be used.</param>
/// <param name="Pipeline">The state of the pipeline, if it was observed.</param>
internal sealed record Observation(Condition Condition, string? Detail = null, SyncPipeline? Pipeline = null)
{
    public static readonly Observation Absent = new(Condition.Absent);

    public static readonly Observation Ready = new(Condition.Ready);

    public static readonly Observation Deleting = new(Condition.Deleting, "being deleted");
}
