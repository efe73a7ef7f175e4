using Microsoft.AspNetCore.Mvc;

namespace Orders.Api.Orders;

/// <summary>Which page to answer.</summary>
public sealed record OrderPageQuery
{
    /// <summary>The number of the page, from 1.</summary>
    [FromQuery(Name = "page")]
    public int Page { get; init; } = 1;

    /// <summary>How many orders a page holds.</summary>
    [FromQuery(Name = "page_size")]
    public int PageSize { get; init; } = Application.Orders.PageSize.Default;

    /// <summary>Whether to answer the totals as well.</summary>
    [FromQuery(Name = "include_count")]
    public bool IncludeCount { get; init; } = true;
}
