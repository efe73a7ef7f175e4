using System.Text.Json.Serialization;

namespace Orders.Api.Contracts;

/// <summary>The status that an order shall have.</summary>
public sealed record UpdateOrderStatusRequest
{
    /// <summary>O, F or P.</summary>
    [JsonPropertyName("o_orderstatus")]
    public string? Status { get; init; }
}
