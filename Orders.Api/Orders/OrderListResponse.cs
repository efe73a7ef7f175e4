using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Orders.Api.Http;
using Orders.Api.OpenApi.Attributes;
using Orders.Application.Orders;
using Orders.Domain;

namespace Orders.Api.Orders;

/// <summary>The orders of a list of keys.</summary>
[Schema("OrderList", nameof(Example))]
public sealed record OrderListResponse : ITaggedContent
{
    internal static readonly OrderListResponse Example = new() { Orders = [OrderResponse.Example], MissingOrderKeys = [8] };

    /// <summary>In ascending order of their keys, each once.</summary>
    [JsonPropertyName("orders")]
    [MaxLength(PageSize.Maximum)]
    public required OrderResponse[] Orders { get; init; }

    /// <summary>The keys that no order has, in ascending order.</summary>
    [JsonPropertyName("missing_order_keys")]
    [MaxLength(PageSize.Maximum)]
    [Minimum(1)]
    [Distinct]
    public required IReadOnlyList<long> MissingOrderKeys { get; init; }

    public static OrderListResponse From(IReadOnlyList<Order> orders, IReadOnlyList<long> missingKeys) =>
        new() { Orders = OrderResponse.From(orders), MissingOrderKeys = missingKeys };
}
