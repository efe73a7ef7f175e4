using System.Text.Json.Serialization;

namespace Orders.Api.Orders;

/// <summary>Distinct keys of existing orders, drawn at random.</summary>
public sealed record OrderSampleResponse
{
    /// <summary>Keys of existing orders.</summary>
    [JsonPropertyName("sample_order_keys")]
    public required IReadOnlyList<long> SampleOrderKeys { get; init; }
}
