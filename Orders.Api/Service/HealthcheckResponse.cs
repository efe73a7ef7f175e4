using System.Text.Json.Serialization;

namespace Orders.Api.Service;

/// <summary>A sign of life, with the time of the answer.</summary>
public sealed record HealthcheckResponse
{
    /// <summary>Always OK.</summary>
    [JsonPropertyName("status")]
    public required string Status { get; init; }

    /// <summary>RFC 3339, UTC.</summary>
    [JsonPropertyName("timestamp")]
    public required DateTime Timestamp { get; init; }
}
