using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Orders.Api.OpenApi.Attributes;
using Orders.Application.Orders;

namespace Orders.Api.Orders;

/// <summary>Where a numbered page stands.</summary>
[Schema("PagePagination", nameof(Example))]
public sealed record PagePagination
{
    internal static readonly PagePagination Example = new()
    {
        Page = 1,
        PageSize = 1,
        TotalPages = 15000,
        TotalCount = 15000,
        HasNext = true,
        HasPrevious = false,
        NextCursor = 1,
        PreviousCursor = null,
    };

    /// <summary>The number of this page, from 1.</summary>
    [JsonPropertyName("page")]
    [Minimum(1)]
    public required int Page { get; init; }

    /// <summary>How many orders a page holds.</summary>
    [JsonPropertyName("page_size")]
    [Range(Application.Orders.PageSize.Minimum, Application.Orders.PageSize.Maximum)]
    public required int PageSize { get; init; }

    /// <summary>Rounded up; -1 when the count was not asked for, or has never been taken yet.</summary>
    [JsonPropertyName("total_pages")]
    [Minimum(-1)]
    public required long TotalPages { get; init; }

    /// <summary>-1 when the count was not asked for, or has never been taken yet.</summary>
    [JsonPropertyName("total_count")]
    [Minimum(-1)]
    public required long TotalCount { get; init; }

    /// <summary>Whether an order follows this page.</summary>
    [JsonPropertyName("has_next")]
    public required bool HasNext { get; init; }

    /// <summary>Whether there is a page before; true past the end as well.</summary>
    [JsonPropertyName("has_previous")]
    public required bool HasPrevious { get; init; }

    /// <summary>The last key of this page, from which streamOrders goes on; null when no order follows.</summary>
    [JsonPropertyName("next_cursor")]
    [Minimum(1)]
    public required long? NextCursor { get; init; }

    /// <summary>The cursor with which streamOrders shows the page before; null on the first and on an empty page.</summary>
    [JsonPropertyName("previous_cursor")]
    [Minimum(0)]
    public required long? PreviousCursor { get; init; }

    public static PagePagination From(OrderPage page) => new()
    {
        Page = page.Number,
        PageSize = page.Size,
        TotalPages = page.TotalPages ?? -1,
        TotalCount = page.Total?.Orders ?? -1,
        HasNext = page.Slice.HasNext,
        HasPrevious = page.HasPrevious,
        NextCursor = page.Slice.NextCursor,
        PreviousCursor = page.Slice.PreviousCursor,
    };
}
