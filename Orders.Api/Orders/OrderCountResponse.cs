using System.Text.Json.Serialization;

namespace Orders.Api.Orders;

/// <summary>The number of orders.</summary>
public sealed record OrderCountResponse
{
    /// <summary>How many orders there are.</summary>
    [JsonPropertyName("total_orders")]
    public required long TotalOrders { get; init; }
}
