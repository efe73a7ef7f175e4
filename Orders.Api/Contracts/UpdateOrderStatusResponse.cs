using System.Text.Json.Serialization;

namespace Orders.Api.Contracts;

/// <summary>The status that an order now has.</summary>
public sealed record UpdateOrderStatusResponse
{
    [JsonPropertyName("o_orderkey")]
    public required long OrderKey { get; init; }

    [JsonPropertyName("o_orderstatus")]
    public required string Status { get; init; }

    [JsonPropertyName("message")]
    public required string Message { get; init; }
}
