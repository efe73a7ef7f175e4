using System.Text.Json.Serialization;
using Orders.Api.OpenApi.Attributes;

namespace Orders.Api.Service;

/// <summary>A sign of life, with the time of the answer.</summary>
[Schema("Healthcheck", nameof(Example))]
public sealed record HealthcheckResponse
{
    internal static readonly HealthcheckResponse Example = new()
    {
        Status = "OK",
        Timestamp = new DateTime(2026, 1, 31, 12, 34, 56, 789, DateTimeKind.Utc),
    };

    /// <summary>Always OK.</summary>
    [JsonPropertyName("status")]
    public required string Status { get; init; }

    /// <summary>RFC 3339, UTC.</summary>
    [JsonPropertyName("timestamp")]
    public required DateTime Timestamp { get; init; }
}
