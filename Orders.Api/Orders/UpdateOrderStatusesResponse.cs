using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Orders.Api.OpenApi.Attributes;

namespace Orders.Api.Orders;

/// <summary>What became of several changes.</summary>
[Schema("OrderStatusUpdateResults", nameof(Example))]
public sealed record UpdateOrderStatusesResponse
{
    internal static readonly UpdateOrderStatusesResponse Example = new() { Results = [OrderStatusChangeResult.Example] };

    /// <summary>In the order in which the changes were sent.</summary>
    [JsonPropertyName("results")]
    [MaxLength(UpdateOrderStatusesRequest.MaxChanges)]
    public required OrderStatusChangeResult[] Results { get; init; }
}
