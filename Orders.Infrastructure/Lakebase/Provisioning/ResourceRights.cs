namespace Orders.Infrastructure.Lakebase.Provisioning;

/// <summary>The rights and time limits that resources of a kind share on both products.</summary>
internal static class ResourceRights
{
    /// <summary>One capacity unit copies about 2,000 rows a second, and the source has 7.5 million.</summary>
    public static readonly TimeSpan CopyTimeout = TimeSpan.FromHours(6);

    /// <summary>A role takes seconds, and the other resources do not need it.</summary>
    public static readonly TimeSpan RoleTimeout = TimeSpan.FromMinutes(2);

    public const string ServerRight = "the right to create and manage database servers in the workspace";

    public const string RoleRight = "the right to manage the database server";

    public const string CatalogRight = "CREATE CATALOG on the metastore, or to delete it: to own the catalog";

    public static string TableRight(ResourceSettings settings) =>
        $"SELECT on {ResourceSettings.Source}; USE CATALOG, USE SCHEMA and CREATE TABLE on "
            + $"{settings.StorageCatalog}.{settings.StorageSchema}; and the same on the catalog {settings.Catalog}";

    public static Observation CatalogOf(string owner) =>
        new(Condition.Foreign, $"A catalog of that name belongs to {owner}. It is left alone: configure another name.");
}
