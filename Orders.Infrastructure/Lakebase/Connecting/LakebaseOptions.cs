using Orders.Infrastructure.Lakebase.Workspace;

namespace Orders.Infrastructure.Lakebase.Connecting;

/// <summary>The checked settings of Lakebase. docs/lakebase.md documents them.</summary>
internal sealed record LakebaseOptions
{
    public required ILakebaseServer Server { get; init; }

    /// <summary>The workspace's address, without a path.</summary>
    public required Uri Workspace { get; init; }

    public required WorkspaceLogin Login { get; init; }

    /// <summary>The database server's host name; null to look it up in the workspace.</summary>
    public required string? Host { get; init; }

    public required int Port { get; init; }

    public required string Database { get; init; }

    /// <summary>The role's name; null to look up the owner of the token.</summary>
    public required string? User { get; init; }

    /// <summary>The synced table's name in Unity Catalog, catalog.schema.table; null when it is not known.</summary>
    public required string? SyncedTable { get; init; }

    /// <summary>The same in PostgreSQL, schema.table: a name in Unity Catalog begins with the catalog.</summary>
    public string? TableInDatabase => SyncedTable?[(SyncedTable.IndexOf('.', StringComparison.Ordinal) + 1)..];

    /// <summary>Npgsql's keywords and the values that settings give them, for what the connection string leaves open.</summary>
    public required IReadOnlyDictionary<string, object> ConnectionDefaults { get; init; }
}
