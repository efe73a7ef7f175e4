namespace Orders.Infrastructure.Lakebase.Provisioning;

/// <summary>What the resources are called, beside the server's name.</summary>
internal sealed record ResourceSettings
{
    /// <summary>Where the orders come from, and how: as in the recipe.</summary>
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

    /// <summary>A catalog and a schema of the usual kind, where the pipeline keeps what it needs.</summary>
    public required string StorageCatalog { get; init; }

    public required string StorageSchema { get; init; }

    public string Catalog => Table[..Table.IndexOf('.', StringComparison.Ordinal)];
}
