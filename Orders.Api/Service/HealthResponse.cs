using System.Text.Json.Serialization;
using Orders.Api.OpenApi.Attributes;

namespace Orders.Api.Service;

/// <summary>The answer of a passing liveness or readiness probe.</summary>
[Schema("Health", nameof(Ready))]
public sealed record HealthResponse
{
    internal static readonly HealthResponse Live = new() { Status = "live" };
    internal static readonly HealthResponse Ready = new() { Status = "ready" };

    /// <summary>live or ready.</summary>
    [JsonPropertyName("status")]
    public required string Status { get; init; }

    /// <summary>What the operator should know of a service that is ready; left out when there is nothing.</summary>
    [JsonPropertyName("detail")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Detail { get; init; }
}
