using System.Text.Json.Serialization;
using Orders.Application.Orders;

namespace Orders.Api.Orders;

/// <summary>A numbered page of orders.</summary>
public sealed record OrderPageResponse
{
    /// <summary>In ascending order of their keys.</summary>
    [JsonPropertyName("orders")]
    public required OrderResponse[] Orders { get; init; }

    /// <summary>Where this page stands.</summary>
    [JsonPropertyName("pagination")]
    public required PagePagination Pagination { get; init; }

    public static OrderPageResponse From(OrderPage page) => new()
    {
        Orders = OrderResponse.From(page.Slice.Orders),
        Pagination = PagePagination.From(page),
    };
}
