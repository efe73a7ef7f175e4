using System.Text.Json.Serialization;

namespace Orders.Api.Contracts;

/// <summary>The status that an order shall have.</summary>
public sealed record UpdateOrderStatusRequest
{
    /// <summary>O: open, no line item is shipped. F: fulfilled, all are. P: partially fulfilled, some are.</summary>
    [JsonPropertyName("o_orderstatus")]
    public string? Status { get; init; }
}
