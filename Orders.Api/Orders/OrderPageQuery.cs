using Microsoft.AspNetCore.Mvc;
using Orders.Api.OpenApi.Attributes;

namespace Orders.Api.Orders;

/// <summary>Which page to answer.</summary>
public sealed record OrderPageQuery
{
    /// <summary>The number of the page, from 1.</summary>
    [FromQuery(Name = "page")]
    [Example(2)]
    public int Page { get; init; } = 1;

    /// <summary>How many orders a page holds.</summary>
    [FromQuery(Name = "page_size")]
    [Example(3)]
    public int PageSize { get; init; } = Application.Orders.PageSize.Default;

    /// <summary>Whether to answer the totals as well.</summary>
    [FromQuery(Name = "include_count")]
    [Example(true)]
    public bool IncludeCount { get; init; } = true;
}
