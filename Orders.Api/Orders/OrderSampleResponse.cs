using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Orders.Api.OpenApi.Attributes;
using Orders.Application.Orders;

namespace Orders.Api.Orders;

/// <summary>Distinct keys of existing orders, drawn at random.</summary>
[Schema("OrderSample", nameof(Example))]
public sealed record OrderSampleResponse
{
    internal static readonly OrderSampleResponse Example = new() { SampleOrderKeys = [4967, 20931, 57890, 24385, 1217] };

    /// <summary>Keys of existing orders.</summary>
    [JsonPropertyName("sample_order_keys")]
    [Minimum(1)]
    [MaxLength(OrderService.SampleSize)]
    [Distinct]
    public required IReadOnlyList<long> SampleOrderKeys { get; init; }
}
