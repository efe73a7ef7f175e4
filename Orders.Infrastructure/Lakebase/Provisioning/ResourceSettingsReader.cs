using Microsoft.Extensions.Configuration;
using Orders.Application;
using Orders.Infrastructure.Lakebase.Connecting;

namespace Orders.Infrastructure.Lakebase.Provisioning;

/// <summary>Reads <see cref="ResourceSettings"/>, which only creating and deleting need.</summary>
internal static class ResourceSettingsReader
{
    /// <exception cref="StartupException">A name is missing, or two contradict each other.</exception>
    public static ResourceSettings Read(IConfiguration configuration, LakebaseOptions options)
    {
        var settings = new LakebaseConfiguration(configuration);
        LakebaseConfiguration.Setting catalog = settings.Find(nameof(LakebaseSettings.StorageCatalog)) ?? throw Missing(
            "the catalog for the pipeline's own files", "Lakebase__StorageCatalog or SYNCHED_TABLE_STORAGE_CATALOG");
        LakebaseConfiguration.Setting schema = settings.Find(nameof(LakebaseSettings.StorageSchema)) ?? throw Missing(
            "the schema for the pipeline's own files", "Lakebase__StorageSchema or SYNCHED_TABLE_STORAGE_SCHEMA");
        var read = new ResourceSettings
        {
            Workspace = options.Workspace,
            ClientId = options.Login.ClientId,
            Database = options.Database,
            Table = options.SyncedTable ?? throw Missing("the synced table", "LAKEBASE_CATALOG_NAME, or Lakebase__SyncedTable to "
                + "catalog.schema.table"),
            StorageCatalog = catalog.Value,
            StorageSchema = schema.Value,
        };
        return read.Catalog != read.StorageCatalog
            ? read
            : throw new StartupException(
                $"{catalog.Name} is '{catalog.Value}', which is the catalog that is made for the database. The pipeline's own files take "
                    + "one of the usual kind, with Delta tables.");
    }

    private static StartupException Missing(string what, string setting) =>
        new($"The resources on Lakebase can't be created or deleted without the name of {what}. Set {setting}.");
}
