using Microsoft.AspNetCore.Mvc;
using Orders.Api.OpenApi.Attributes;
using Orders.Application.Lakebase;

namespace Orders.Api.Lakebase;

/// <summary>What to create.</summary>
/// <remarks>Only the confirmation has an example: what is left out is taken as it is where it exists.</remarks>
public sealed record CreateResourcesQuery
{
    /// <summary>The confirmation: these resources cost money. With `false` nothing is done.</summary>
    [FromQuery(Name = "create_resources")]
    [Example(false)]
    public bool? CreateResources { get; init; }

    /// <summary>The size of the server in compute units; CU_1 for a new one, unless given. Left out, here and below, an existing one is taken as it is.</summary>
    [FromQuery(Name = "capacity")]
    [Values(typeof(CreateResources), nameof(Application.Lakebase.CreateResources.Capacities))]
    public string? Capacity { get; init; }

    /// <summary>The number of nodes: a primary and its secondaries; 1 for a new one, unless given.</summary>
    [FromQuery(Name = "node_count")]
    public int? NodeCount { get; init; }

    /// <summary>Whether the secondaries answer reads; takes 2 nodes or more. They do not, unless given.</summary>
    [FromQuery(Name = "enable_readable_secondaries")]
    public bool? EnableReadableSecondaries { get; init; }

    /// <summary>For how many days back the database can be restored; 7 for a new one, unless given.</summary>
    [FromQuery(Name = "retention_window_in_days")]
    public int? RetentionWindowInDays { get; init; }

    public CreateResources ToRequest() => new()
    {
        Capacity = Capacity,
        NodeCount = NodeCount,
        EnableReadableSecondaries = EnableReadableSecondaries,
        RetentionWindowInDays = RetentionWindowInDays,
    };
}
