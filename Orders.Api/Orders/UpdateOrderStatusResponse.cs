using System.Text.Json.Serialization;
using Orders.Api.OpenApi.Attributes;

namespace Orders.Api.Orders;

/// <summary>The status that an order now has.</summary>
[Schema("OrderStatusUpdateResult", nameof(Example))]
public sealed record UpdateOrderStatusResponse
{
    internal const string Success = "Order status updated successfully";

    internal static readonly UpdateOrderStatusResponse Example = new()
    {
        OrderKey = 1,
        Status = "F",
        Message = Success,
    };

    /// <summary>The key of the order.</summary>
    [JsonPropertyName("o_orderkey")]
    [Minimum(1)]
    public required long OrderKey { get; init; }

    /// <summary>The status that was written.</summary>
    [JsonPropertyName("o_orderstatus")]
    public required string Status { get; init; }

    /// <summary>A sentence for a person.</summary>
    [JsonPropertyName("message")]
    public required string Message { get; init; }
}
