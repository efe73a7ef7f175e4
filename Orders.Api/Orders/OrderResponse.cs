using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Orders.Api.OpenApi.Attributes;
using Orders.Domain;

namespace Orders.Api.Orders;

/// <summary>An order, with the column names of TPC-H.</summary>
[JsonConverter(typeof(OrderResponseConverter))]
[Schema("Order", nameof(Example))]
public readonly record struct OrderResponse
{
    internal static readonly OrderResponse Example = new()
    {
        OrderKey = 1,
        CustomerKey = 370,
        Status = "O",
        TotalPrice = 172799.49m,
        OrderDate = new DateOnly(1996, 1, 2),
        Priority = "5-LOW",
        Clerk = "Clerk#000000951",
        ShipPriority = 0,
        Comment = "nstructions sleep furiously among ",
    };

    /// <summary>The primary key: positive, sparse, 64-bit.</summary>
    [JsonPropertyName("o_orderkey")]
    [Minimum(1)]
    public required long OrderKey { get; init; }

    /// <summary>The customer who ordered.</summary>
    [JsonPropertyName("o_custkey")]
    [Minimum(long.MinValue)]
    public required long CustomerKey { get; init; }

    /// <summary>The status as it is stored: O, F or P unless the table holds others.</summary>
    [JsonPropertyName("o_orderstatus")]
    public required string Status { get; init; }

    /// <summary>Exact, with two decimals.</summary>
    [JsonPropertyName("o_totalprice")]
    [DataType("decimal")]
    public required decimal TotalPrice { get; init; }

    /// <summary>The day of the order.</summary>
    [JsonPropertyName("o_orderdate")]
    public required DateOnly OrderDate { get; init; }

    /// <summary>1-URGENT, 2-HIGH, 3-MEDIUM, 4-NOT SPECIFIED or 5-LOW.</summary>
    [JsonPropertyName("o_orderpriority")]
    public required string Priority { get; init; }

    /// <summary>Who took the order.</summary>
    [JsonPropertyName("o_clerk")]
    public required string Clerk { get; init; }

    /// <summary>Always 0 in TPC-H.</summary>
    [JsonPropertyName("o_shippriority")]
    [Minimum(int.MinValue)]
    public required int ShipPriority { get; init; }

    /// <summary>Free text; blanks at either end are data.</summary>
    [JsonPropertyName("o_comment")]
    public required string Comment { get; init; }

    public static OrderResponse From(Order order) => new()
    {
        OrderKey = order.OrderKey,
        CustomerKey = order.CustomerKey,
        Status = order.Status,
        TotalPrice = WithCents(order.TotalPrice),
        OrderDate = order.OrderDate,
        Priority = order.Priority,
        Clerk = order.Clerk,
        ShipPriority = order.ShipPriority,
        Comment = order.Comment,
    };

    public static OrderResponse[] From(IReadOnlyList<Order> orders)
    {
        OrderResponse[] responses = new OrderResponse[orders.Count];
        for (int i = 0; i < responses.Length; i++)
        {
            responses[i] = From(orders[i]);
        }

        return responses;
    }

    /// <summary>Exactly two decimals, also where the database keeps fewer or more: JSON shows a decimal's digits as they are.</summary>
    internal static decimal WithCents(decimal price) => price.Scale == 2 ? price : decimal.Round(price, 2) + 0.00m;
}
