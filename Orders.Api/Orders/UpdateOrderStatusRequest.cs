using System.Text.Json.Serialization;
using Orders.Api.OpenApi.Attributes;

namespace Orders.Api.Orders;

/// <summary>The status that an order shall have.</summary>
[Schema("OrderStatusUpdate", nameof(Example))]
public sealed record UpdateOrderStatusRequest
{
    internal static readonly UpdateOrderStatusRequest Example = new() { Status = "F" };

    /// <summary>O, F or P.</summary>
    [JsonPropertyName("o_orderstatus")]
    [WritableStatus]
    public string? Status { get; init; }
}
