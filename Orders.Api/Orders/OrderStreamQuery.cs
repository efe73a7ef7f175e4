using Microsoft.AspNetCore.Mvc;
using Orders.Api.OpenApi.Attributes;

namespace Orders.Api.Orders;

/// <summary>Which slice to answer.</summary>
public sealed record OrderStreamQuery
{
    /// <summary>Start after this key; it need not exist. 0 starts at the beginning.</summary>
    [FromQuery(Name = "cursor")]
    [Example(32)]
    public long Cursor { get; init; }

    /// <summary>How many orders to answer.</summary>
    [FromQuery(Name = "page_size")]
    [Example(3)]
    public int PageSize { get; init; } = Application.Orders.PageSize.Default;
}
