using System.Text.Json.Serialization;

namespace Orders.Api.Contracts;

/// <summary>The number of orders.</summary>
public sealed record OrderCountResponse
{
    [JsonPropertyName("total_orders")]
    public required long TotalOrders { get; init; }
}
