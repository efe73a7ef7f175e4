using System.Text.Json.Serialization;
using Orders.Application;

namespace Orders.Api.Contracts;

/// <summary>A slice of orders after a cursor.</summary>
public sealed record OrderStreamResponse
{
    [JsonPropertyName("orders")]
    public required IReadOnlyList<OrderResponse> Orders { get; init; }

    [JsonPropertyName("pagination")]
    public required StreamPagination Pagination { get; init; }

    public static OrderStreamResponse From(OrderSlice slice, int pageSize) => new()
    {
        Orders = OrderResponse.From(slice.Orders),
        Pagination = StreamPagination.From(slice, pageSize),
    };
}
