namespace Orders.Infrastructure.Lakebase.Provisioning;

/// <summary>What is said of resources of the same kind on both products.</summary>
internal static class ResourceRights
{
    /// <summary>A CU copies some 2,000 rows a second, and there are 7.5 million.</summary>
    public static readonly TimeSpan CopyTimeout = TimeSpan.FromHours(6);

    /// <summary>It takes seconds, and the others do without it.</summary>
    public static readonly TimeSpan RoleTimeout = TimeSpan.FromMinutes(2);

    public const string ServerRight = "the right to create and manage database servers in the workspace";

    public const string RoleRight = "the right to manage the database server";

    public const string CatalogRight = "CREATE CATALOG on the metastore, or to delete it: to own the catalog";

    public static string TableRight(ResourceSettings settings) =>
        $"SELECT on {ResourceSettings.Source}; USE CATALOG, USE SCHEMA and CREATE TABLE on {settings.StorageCatalog}.{settings.StorageSchema}; and the same on the catalog {settings.Catalog}";

    public static Observation CatalogOf(string owner) =>
        new(Condition.Foreign, $"A catalog of that name belongs to {owner}. It is left alone: configure another name.");
}
