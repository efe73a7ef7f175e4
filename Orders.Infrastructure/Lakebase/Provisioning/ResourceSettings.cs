namespace Orders.Infrastructure.Lakebase.Provisioning;

/// <summary>The names of the resources, except the server's.</summary>
internal sealed record ResourceSettings
{
    /// <summary>The source of the orders, as in the recipe.</summary>
    public const string Source = "samples.tpch.orders";

    public const string Key = "o_orderkey";
    public const string TimeseriesKey = "o_orderdate";
    public const string Policy = "SNAPSHOT";

    /// <summary>The workspace's address.</summary>
    public required Uri Workspace { get; init; }

    /// <summary>The service principal that signs in; null with a token, whose owner is looked up.</summary>
    public required string? ClientId { get; init; }

    /// <summary>The database on the server.</summary>
    public required string Database { get; init; }

    /// <summary>The synced table: catalog.schema.table.</summary>
    public required string Table { get; init; }

    /// <summary>A standard catalog and schema for the pipeline's own files.</summary>
    public required string StorageCatalog { get; init; }

    public required string StorageSchema { get; init; }

    public string Catalog => Table[..Table.IndexOf('.', StringComparison.Ordinal)];
}
