using System.Text.Json.Serialization;
using Orders.Api.OpenApi.Attributes;
using Orders.Application.Lakebase;

namespace Orders.Api.Lakebase;

/// <summary>How far one resource is.</summary>
[Schema("LakebaseResource", nameof(Example))]
public sealed record ResourceStepResponse
{
    internal static readonly ResourceStepResponse Example = new()
    {
        Resource = "Pipeline",
        Name = "orders.public.orders_synced",
        State = "running",
        Detail = "SYNCED_TABLE_PROVISIONING_INITIAL_SNAPSHOT, 40 %",
    };

    /// <summary>What it is: Database instance, Catalog, …</summary>
    [JsonPropertyName("resource")]
    public required string Resource { get; init; }

    /// <summary>Its name in the workspace.</summary>
    [JsonPropertyName("name")]
    public required string Name { get; init; }

    /// <summary>waiting, running, done, missing, skipped or failed.</summary>
    [JsonPropertyName("state")]
    public required string State { get; init; }

    /// <summary>What the workspace says of it, or why it failed; null when there is nothing to say.</summary>
    [JsonPropertyName("detail")]
    public required string? Detail { get; init; }

    public static ResourceStepResponse From(ResourceStep step) => new()
    {
        Resource = step.Resource,
        Name = step.Name,
        State = step.State switch
        {
            StepState.Waiting => "waiting",
            StepState.Running => "running",
            StepState.Done => "done",
            StepState.Missing => "missing",
            StepState.Skipped => "skipped",
            StepState.Failed => "failed",
        },
        Detail = step.Detail,
    };
}
