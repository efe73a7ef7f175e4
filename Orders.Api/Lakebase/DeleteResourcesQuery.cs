using Microsoft.AspNetCore.Mvc;
using Orders.Api.OpenApi.Attributes;

namespace Orders.Api.Lakebase;

/// <summary>Whether to delete.</summary>
public sealed record DeleteResourcesQuery
{
    /// <summary>The confirmation: all data in the resources is lost. With `false` nothing is done.</summary>
    [FromQuery(Name = "confirm_deletion")]
    [Example(false)]
    public bool? ConfirmDeletion { get; init; }
}
