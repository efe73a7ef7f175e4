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
}
