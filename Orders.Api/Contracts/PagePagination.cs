using System.Text.Json.Serialization;
using Orders.Application;

namespace Orders.Api.Contracts;

/// <summary>Where a numbered page stands.</summary>
public sealed record PagePagination
{
    [JsonPropertyName("page")]
    public required int Page { get; init; }

    [JsonPropertyName("page_size")]
    public required int PageSize { get; init; }

    /// <summary>Rounded up; -1 when the count was not asked for.</summary>
    [JsonPropertyName("total_pages")]
    public required long TotalPages { get; init; }

    /// <summary>-1 when the count was not asked for.</summary>
    [JsonPropertyName("total_count")]
    public required long TotalCount { get; init; }

    [JsonPropertyName("has_next")]
    public required bool HasNext { get; init; }

    [JsonPropertyName("has_previous")]
    public required bool HasPrevious { get; init; }

    [JsonPropertyName("next_cursor")]
    public required long? NextCursor { get; init; }

    [JsonPropertyName("previous_cursor")]
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
