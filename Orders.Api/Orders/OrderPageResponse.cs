using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Orders.Api.Http;
using Orders.Api.OpenApi.Attributes;
using Orders.Application.Orders;

namespace Orders.Api.Orders;

/// <summary>A numbered page of orders.</summary>
[Schema("OrderPage", nameof(Example))]
public sealed record OrderPageResponse : ITaggedContent
{
    internal static readonly OrderPageResponse Example = new() { Orders = [OrderResponse.Example], Pagination = PagePagination.Example };

    /// <summary>In ascending order of their keys.</summary>
    [JsonPropertyName("orders")]
    [MaxLength(PageSize.Maximum)]
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
