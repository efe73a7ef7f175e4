using System.Text.Json.Serialization;

namespace Orders.Api.Service;

/// <summary>The answer of a passing liveness or readiness probe.</summary>
public sealed record HealthResponse
{
    /// <summary>live or ready.</summary>
    [JsonPropertyName("status")]
    public required string Status { get; init; }
}
