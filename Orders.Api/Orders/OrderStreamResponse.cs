using System.Text.Json.Serialization;
using Orders.Application.Orders;

namespace Orders.Api.Orders;

/// <summary>A slice of orders after a cursor.</summary>
public sealed record OrderStreamResponse : IAnswerWithOrders
{
    /// <summary>In ascending order of their keys.</summary>
    [JsonPropertyName("orders")]
    public required OrdersJson Orders { get; init; }

    /// <summary>Where this slice stands.</summary>
    [JsonPropertyName("pagination")]
    public required StreamPagination Pagination { get; init; }

    public static OrderStreamResponse From(OrderSlice slice, int pageSize) => new()
    {
        Orders = (OrdersJson)slice.Orders,
        Pagination = StreamPagination.From(slice, pageSize),
    };
}
