using System.Text.Json.Serialization;
using Orders.Api.OpenApi.Attributes;

namespace Orders.Api.Orders;

/// <summary>The number of orders.</summary>
[Schema("OrderCount", nameof(Example))]
public sealed record OrderCountResponse
{
    internal static readonly OrderCountResponse Example = new() { TotalOrders = 15000 };

    /// <summary>How many orders there are.</summary>
    [JsonPropertyName("total_orders")]
    [Minimum(0)]
    public required long TotalOrders { get; init; }
}
