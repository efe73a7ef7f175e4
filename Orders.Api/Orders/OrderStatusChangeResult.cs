using System.Text.Json.Serialization;
using Orders.Api.OpenApi.Attributes;
using Orders.Application.Orders;

namespace Orders.Api.Orders;

/// <summary>What became of one of several changes.</summary>
[Schema("OrderStatusChangeResult", nameof(Example))]
public sealed record OrderStatusChangeResult
{
    internal static readonly OrderStatusChangeResult Example = From(1, new StatusChangeResult(StatusChangeOutcome.Changed));

    /// <summary>The key of the order.</summary>
    [JsonPropertyName("o_orderkey")]
    [Minimum(1)]
    public required long OrderKey { get; init; }

    /// <summary>What a program decides on.</summary>
    [JsonPropertyName("code")]
    [ChangeCode]
    public required string Code { get; init; }

    /// <summary>A sentence for a person.</summary>
    [JsonPropertyName("message")]
    public required string Message { get; init; }

    /// <summary>The version that the order is now; only of changes that name one.</summary>
    [JsonPropertyName("version")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Version { get; init; }

    public static OrderStatusChangeResult From(long orderKey, StatusChangeResult result)
    {
        (string code, string message) = result.Outcome switch
        {
            StatusChangeOutcome.Changed => (ChangeCodeAttribute.Changed, UpdateOrderStatusResponse.Success),
            StatusChangeOutcome.OrderNotFound => (ChangeCodeAttribute.OrderNotFound, $"Order with key '{orderKey}' not found"),
            StatusChangeOutcome.OtherVersion => (
                ChangeCodeAttribute.PreconditionFailed, "The order is another version by now; read it again"),
            _ => throw new InvalidOperationException($"The change of order {orderKey} was left out."),
        };
        return new() { OrderKey = orderKey, Code = code, Message = message, Version = result.Version?.ToString() };
    }
}
