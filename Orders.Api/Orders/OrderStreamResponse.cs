using System.Text.Json.Serialization;
using Orders.Application.Orders;

namespace Orders.Api.Orders;

/// <summary>A slice of orders after a cursor.</summary>
public sealed record OrderStreamResponse
{
    /// <summary>In ascending order of their keys.</summary>
    [JsonPropertyName("orders")]
    public required OrderResponse[] Orders { get; init; }

    /// <summary>Where this slice stands.</summary>
    [JsonPropertyName("pagination")]
    public required StreamPagination Pagination { get; init; }

    public static OrderStreamResponse From(OrderSlice slice, int pageSize) => new()
    {
        Orders = OrderResponse.From(slice.Orders),
        Pagination = StreamPagination.From(slice, pageSize),
    };
}
