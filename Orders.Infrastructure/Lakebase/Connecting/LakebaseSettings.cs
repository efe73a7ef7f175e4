namespace Orders.Infrastructure.Lakebase.Connecting;

/// <summary>
/// The settings under <c>Lakebase</c> as they are given, with the environment variables of Databricks Apps and the recipe for the same.
/// docs/lakebase.md documents them.
/// </summary>
internal sealed class LakebaseSettings
{
    public const string Section = "Lakebase";

    [Variable("LAKEBASE_ENDPOINT")]
    public string? Endpoint { get; set; }

    [Variable("LAKEBASE_INSTANCE_NAME")]
    public string? InstanceName { get; set; }

    [Variable("DATABRICKS_HOST")]
    public string? WorkspaceHost { get; set; }

    [Variable("DATABRICKS_CLIENT_ID")]
    public string? ClientId { get; set; }

    [Variable("DATABRICKS_CLIENT_SECRET")]
    public string? ClientSecret { get; set; }

    [Variable("DATABRICKS_TOKEN")]
    public string? Token { get; set; }

    [Variable("PGHOST")]
    public string? Host { get; set; }

    [Variable("DATABRICKS_DATABASE_PORT")]
    [Variable("PGPORT")]
    public string? Port { get; set; }

    [Variable("LAKEBASE_DATABASE_NAME")]
    [Variable("PGDATABASE")]
    public string? Database { get; set; }

    [Variable("PGUSER")]
    public string? User { get; set; }

    public string? SyncedTable { get; set; }

    [Variable("SYNCHED_TABLE_STORAGE_CATALOG")]
    public string? StorageCatalog { get; set; }

    [Variable("SYNCHED_TABLE_STORAGE_SCHEMA")]
    public string? StorageSchema { get; set; }

    /// <summary>The operations on resources are there, for callers with their scope; the API reads it.</summary>
    public bool ResourceOperations { get; set; }

    /// <summary>A key to the operations on resources, which makes them be there; the API reads it.</summary>
    public string? ResourcesKey { get; set; }
}

/// <summary>An environment variable that stands for a setting. Of several, the first that is set counts.</summary>
[AttributeUsage(AttributeTargets.Property, AllowMultiple = true)]
internal sealed class VariableAttribute(string name) : Attribute
{
    public string Name => name;
}
