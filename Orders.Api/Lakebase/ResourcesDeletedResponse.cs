using System.Text.Json.Serialization;
using Orders.Api.OpenApi.Attributes;
using Orders.Application.Lakebase;

namespace Orders.Api.Lakebase;

/// <summary>What was deleted so far.</summary>
[Schema("LakebaseResourcesDeleted", nameof(Example))]
public sealed record ResourcesDeletedResponse
{
    internal static readonly ResourcesDeletedResponse Example = new()
    {
        DeletedResources = [],
        FailedDeletions = [],
        Message = "The resources are being deleted. It takes minutes.",
    };

    /// <summary>The recipe's answer to a request that does not confirm.</summary>
    public static readonly ResourcesDeletedResponse Refrained = new()
    {
        DeletedResources = [],
        FailedDeletions = [],
        Message = "No resources were deleted (confirm_deletion=False)",
    };

    /// <summary>Kind and name of each that was there and is no more.</summary>
    [JsonPropertyName("deleted_resources")]
    public required IReadOnlyList<string> DeletedResources { get; init; }

    /// <summary>Kind, name and reason of each that is still there.</summary>
    [JsonPropertyName("failed_deletions")]
    public required IReadOnlyList<string> FailedDeletions { get; init; }

    /// <summary>A sentence for a person.</summary>
    [JsonPropertyName("message")]
    public required string Message { get; init; }

    public static ResourcesDeletedResponse From(ResourceReport report) => new()
    {
        DeletedResources = DeletedIn(report),
        FailedDeletions = FailedIn(report),
        Message = report.Message,
    };

    internal static string[] DeletedIn(ResourceReport report) => report.Action == ResourceAction.Delete
        ? [.. report.Steps.Where(step => step.State == StepState.Done).Select(step => $"{step.Resource}: {step.Name}")]
        : [];

    internal static string[] FailedIn(ResourceReport report) => report.Action == ResourceAction.Delete
        ? [.. report.Steps.Where(step => step.State == StepState.Failed).Select(step => $"{step.Resource}: {step.Name} - {step.Detail}")]
        : [];
}
