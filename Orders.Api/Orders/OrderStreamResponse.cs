using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Orders.Api.Http;
using Orders.Api.OpenApi.Attributes;
using Orders.Application.Orders;

namespace Orders.Api.Orders;

/// <summary>A slice of orders after a cursor.</summary>
[Schema("OrderStream", nameof(Example))]
public sealed record OrderStreamResponse : ITaggedContent
{
    internal static readonly OrderStreamResponse Example =
        new() { Orders = [OrderResponse.Example], Pagination = StreamPagination.Example };

    /// <summary>In ascending order of their keys.</summary>
    [JsonPropertyName("orders")]
    [MaxLength(PageSize.Maximum)]
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
