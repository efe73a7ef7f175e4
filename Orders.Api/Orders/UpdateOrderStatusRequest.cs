using System.Text.Json.Serialization;

namespace Orders.Api.Orders;

/// <summary>The status that an order shall have.</summary>
public sealed record UpdateOrderStatusRequest
{
    /// <summary>O, F or P.</summary>
    [JsonPropertyName("o_orderstatus")]
    public string? Status { get; init; }
}
