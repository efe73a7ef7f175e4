using System.Text.Json.Serialization;
using Orders.Api.OpenApi.Attributes;

namespace Orders.Api.Orders;

/// <summary>The status that one of several orders shall have.</summary>
[Schema("OrderStatusChange", nameof(Example))]
public sealed record OrderStatusChange
{
    internal static readonly OrderStatusChange Example = new() { OrderKey = 1, Status = "F" };

    /// <summary>The key of the order.</summary>
    [JsonPropertyName("o_orderkey")]
    [Minimum(1)]
    public long? OrderKey { get; init; }

    /// <summary>O, F or P.</summary>
    [JsonPropertyName("o_orderstatus")]
    [WritableStatus]
    public string? Status { get; init; }

    /// <summary>The version that the order has to be, as in the `ETag` of getOrder; left out for any.</summary>
    [JsonPropertyName("version")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Version { get; init; }
}
