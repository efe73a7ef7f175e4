using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Orders.Api.OpenApi.Attributes;
using Orders.Application.Orders;

namespace Orders.Api.Orders;

/// <summary>Where a slice stands, and the cursors of its neighbours.</summary>
[Schema("StreamPagination", nameof(Example))]
public sealed record StreamPagination
{
    internal static readonly StreamPagination Example = new()
    {
        PageSize = 1,
        HasNext = true,
        HasPrevious = false,
        NextCursor = 1,
        PreviousCursor = null,
    };

    /// <summary>How many orders a slice holds.</summary>
    [JsonPropertyName("page_size")]
    [Range(Application.Orders.PageSize.Minimum, Application.Orders.PageSize.Maximum)]
    public required int PageSize { get; init; }

    /// <summary>Whether an order follows this slice.</summary>
    [JsonPropertyName("has_next")]
    public required bool HasNext { get; init; }

    /// <summary>Whether there is an order at or before the cursor.</summary>
    [JsonPropertyName("has_previous")]
    public required bool HasPrevious { get; init; }

    /// <summary>The last key of this slice; null when no order follows.</summary>
    [JsonPropertyName("next_cursor")]
    [Minimum(1)]
    public required long? NextCursor { get; init; }

    /// <summary>The cursor that shows the orders before this slice; null when there are none.</summary>
    [JsonPropertyName("previous_cursor")]
    [Minimum(0)]
    public required long? PreviousCursor { get; init; }

    public static StreamPagination From(OrderSlice slice, int pageSize) => new()
    {
        PageSize = pageSize,
        HasNext = slice.HasNext,
        HasPrevious = slice.HasPrevious,
        NextCursor = slice.NextCursor,
        PreviousCursor = slice.PreviousCursor,
    };
}
