using Orders.Application.Lakebase;

namespace Orders.Infrastructure.Lakebase.Provisioning;

/// <summary>One look at a resource.</summary>
/// <param name="Condition">What was found.</param>
/// <param name="Detail">What the workspace says of it, or why it can't be used.</param>
/// <param name="Pipeline">What was seen of the pipeline on the way.</param>
internal sealed record Observation(Condition Condition, string? Detail = null, SyncPipeline? Pipeline = null)
{
    public static readonly Observation Absent = new(Condition.Absent);

    public static readonly Observation Ready = new(Condition.Ready);

    public static readonly Observation Deleting = new(Condition.Deleting, "being deleted");
}
