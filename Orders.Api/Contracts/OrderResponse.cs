using System.Text.Json.Serialization;
using Orders.Domain;

namespace Orders.Api.Contracts;

/// <summary>An order, with the column names of TPC-H.</summary>
public sealed record OrderResponse
{
    [JsonPropertyName("o_orderkey")]
    public required long OrderKey { get; init; }

    [JsonPropertyName("o_custkey")]
    public required long CustomerKey { get; init; }

    [JsonPropertyName("o_orderstatus")]
    public required string Status { get; init; }

    [JsonPropertyName("o_totalprice")]
    [JsonConverter(typeof(MoneyJsonConverter))]
    public required decimal TotalPrice { get; init; }

    [JsonPropertyName("o_orderdate")]
    public required DateOnly OrderDate { get; init; }

    [JsonPropertyName("o_orderpriority")]
    public required string Priority { get; init; }

    [JsonPropertyName("o_clerk")]
    public required string Clerk { get; init; }

    [JsonPropertyName("o_shippriority")]
    public required int ShipPriority { get; init; }

    [JsonPropertyName("o_comment")]
    public required string Comment { get; init; }

    public static OrderResponse From(Order order) => new()
    {
        OrderKey = order.OrderKey,
        CustomerKey = order.CustomerKey,
        Status = order.Status,
        TotalPrice = order.TotalPrice,
        OrderDate = order.OrderDate,
        Priority = order.Priority,
        Clerk = order.Clerk,
        ShipPriority = order.ShipPriority,
        Comment = order.Comment,
    };

    public static OrderResponse[] From(IReadOnlyList<Order> orders)
    {
        var responses = new OrderResponse[orders.Count];
        for (int i = 0; i < responses.Length; i++)
        {
            responses[i] = From(orders[i]);
        }

        return responses;
    }
}
