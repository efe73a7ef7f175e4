using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Orders.Api.OpenApi.Attributes;
using Orders.Application.Lakebase;

namespace Orders.Api.Lakebase;

/// <summary>The pipeline that copies the orders into the synced table.</summary>
[Schema("SyncPipeline", nameof(Example))]
public sealed record SyncPipelineResponse
{
    internal static readonly SyncPipelineResponse Example = new()
    {
        Id = "5f1c0a52",
        Url = "https://adb-1234567890123456.7.azuredatabricks.net/pipelines/5f1c0a52",
        State = "SYNCED_TABLE_PROVISIONING_INITIAL_SNAPSHOT",
        Message = null,
        Completion = 0.4,
    };

    /// <summary>Its id in the workspace.</summary>
    [JsonPropertyName("id")]
    public required string? Id { get; init; }

    /// <summary>Where a person sees it.</summary>
    [JsonPropertyName("url")]
    public required string? Url { get; init; }

    /// <summary>The synced table's state: SYNCED_TABLE_ONLINE, SYNCED_TABLE_PROVISIONING_INITIAL_SNAPSHOT, …</summary>
    [JsonPropertyName("state")]
    public required string? State { get; init; }

    /// <summary>What the workspace says of that state.</summary>
    [JsonPropertyName("message")]
    public required string? Message { get; init; }

    /// <summary>How much is copied, from 0 to 1.</summary>
    [JsonPropertyName("completion")]
    [Range(0, 1)]
    public required double? Completion { get; init; }

    public static SyncPipelineResponse From(SyncPipeline? pipeline) => new()
    {
        Id = pipeline?.Id,
        Url = pipeline?.Url?.ToString(),
        State = pipeline?.State,
        Message = pipeline?.Message,
        Completion = pipeline?.Completion,
    };
}
