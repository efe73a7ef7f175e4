using System.Text.Json.Serialization;
using Orders.Api.OpenApi.Attributes;
using Orders.Application.Lakebase;

namespace Orders.Api.Lakebase;

/// <summary>How far the resources are.</summary>
[Schema("LakebaseResources", nameof(Example))]
public sealed record ResourcesResponse
{
    internal static readonly ResourcesResponse Example = new()
    {
        Operation = "create",
        State = "running",
        Instance = ResourcesCreatedResponse.Example.Instance,
        Catalog = ResourcesCreatedResponse.Example.Catalog,
        SyncedTable = ResourcesCreatedResponse.Example.SyncedTable,
        DeletedResources = [],
        FailedDeletions = [],
        Message = ResourcesCreatedResponse.Example.Message,
        StartedAt = new DateTime(2026, 1, 31, 12, 34, 56, DateTimeKind.Utc),
        EndedAt = null,
        Steps = [ResourceStepResponse.Example],
        Pipeline = SyncPipelineResponse.Example,
    };

    /// <summary>create, delete, or none: then it is what the workspace has.</summary>
    [JsonPropertyName("operation")]
    public required string Operation { get; init; }

    /// <summary>Of an operation: running, succeeded, failed. Of the workspace: complete, incomplete, absent.</summary>
    [JsonPropertyName("state")]
    public required string State { get; init; }

    /// <summary>The name of the database server.</summary>
    [JsonPropertyName("instance")]
    public required string Instance { get; init; }

    /// <summary>The catalog's name in Unity Catalog.</summary>
    [JsonPropertyName("catalog")]
    public required string Catalog { get; init; }

    /// <summary>The synced table's name in Unity Catalog.</summary>
    [JsonPropertyName("synced_table")]
    public required string SyncedTable { get; init; }

    /// <summary>What was deleted so far: kind and name of each.</summary>
    [JsonPropertyName("deleted_resources")]
    public required IReadOnlyList<string> DeletedResources { get; init; }

    /// <summary>What could not be deleted: kind, name and reason of each.</summary>
    [JsonPropertyName("failed_deletions")]
    public required IReadOnlyList<string> FailedDeletions { get; init; }

    /// <summary>A sentence for a person: what happened, and what is left to do.</summary>
    [JsonPropertyName("message")]
    public required string Message { get; init; }

    /// <summary>When the operation began, or the workspace was asked. RFC 3339, UTC.</summary>
    [JsonPropertyName("started_at")]
    public required DateTime StartedAt { get; init; }

    /// <summary>When the operation was over; null while it runs.</summary>
    [JsonPropertyName("ended_at")]
    public required DateTime? EndedAt { get; init; }

    /// <summary>In the order in which they are made, or deleted.</summary>
    [JsonPropertyName("steps")]
    public required IReadOnlyList<ResourceStepResponse> Steps { get; init; }

    /// <summary>What copies the orders. Its members are null where the workspace has not told yet.</summary>
    [JsonPropertyName("pipeline")]
    public required SyncPipelineResponse Pipeline { get; init; }

    public static ResourcesResponse From(ResourceReport report) => new()
    {
        Operation = report.Action switch
        {
            ResourceAction.Create => "create",
            ResourceAction.Delete => "delete",
            null => "none",
        },
        State = report.State switch
        {
            ResourceState.Running => "running",
            ResourceState.Succeeded => "succeeded",
            ResourceState.Failed => "failed",
            ResourceState.Complete => "complete",
            ResourceState.Incomplete => "incomplete",
            ResourceState.Absent => "absent",
        },
        Instance = report.Names.Instance,
        Catalog = report.Names.Catalog,
        SyncedTable = report.Names.SyncedTable,
        DeletedResources = ResourcesDeletedResponse.DeletedIn(report),
        FailedDeletions = ResourcesDeletedResponse.FailedIn(report),
        Message = report.Message,
        StartedAt = report.StartedAt.UtcDateTime,
        EndedAt = report.EndedAt?.UtcDateTime,
        Steps = [.. report.Steps.Select(ResourceStepResponse.From)],
        Pipeline = SyncPipelineResponse.From(report.Pipeline),
    };
}
