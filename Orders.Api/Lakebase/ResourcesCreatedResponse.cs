using System.Text.Json.Serialization;
using Orders.Api.OpenApi.Attributes;
using Orders.Application.Lakebase;

namespace Orders.Api.Lakebase;

/// <summary>What is being created; the names are empty when nothing is.</summary>
[Schema("LakebaseResourcesCreated", nameof(Example))]
public sealed record ResourcesCreatedResponse
{
    internal static readonly ResourcesCreatedResponse Example = new()
    {
        Instance = "projects/orders/branches/production/endpoints/primary",
        Catalog = "orders",
        SyncedTable = "orders.public.orders_synced",
        Message = "The resources are being created. It takes minutes, and an hour or more until all orders are copied.",
    };

    /// <summary>The recipe's answer to a request that does not confirm.</summary>
    public static readonly ResourcesCreatedResponse Refrained = new()
    {
        Instance = "",
        Catalog = "",
        SyncedTable = "",
        Message = "No resources were created (create_resources=False)",
    };

    /// <summary>The name of the database server.</summary>
    [JsonPropertyName("instance")]
    public required string Instance { get; init; }

    /// <summary>The catalog's name in Unity Catalog.</summary>
    [JsonPropertyName("catalog")]
    public required string Catalog { get; init; }

    /// <summary>The synced table's name in Unity Catalog.</summary>
    [JsonPropertyName("synced_table")]
    public required string SyncedTable { get; init; }

    /// <summary>A sentence for a person.</summary>
    [JsonPropertyName("message")]
    public required string Message { get; init; }

    public static ResourcesCreatedResponse From(ResourceReport report) => new()
    {
        Instance = report.Names.Instance,
        Catalog = report.Names.Catalog,
        SyncedTable = report.Names.SyncedTable,
        Message = report.Message,
    };
}
