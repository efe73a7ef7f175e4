using System.Text.Json.Serialization;

namespace Orders.Api.Orders;

/// <summary>The status that an order now has.</summary>
public sealed record UpdateOrderStatusResponse
{
    /// <summary>The key of the order.</summary>
    [JsonPropertyName("o_orderkey")]
    public required long OrderKey { get; init; }

    /// <summary>The status that was written.</summary>
    [JsonPropertyName("o_orderstatus")]
    public required string Status { get; init; }

    /// <summary>A sentence for a person.</summary>
    [JsonPropertyName("message")]
    public required string Message { get; init; }
}
