namespace Orders.Application.Lakebase;

/// <summary>The names of the resources, as they are configured.</summary>
/// <param name="Instance">The database server: an instance, or an endpoint's resource name.</param>
/// <param name="Catalog">In Unity Catalog.</param>
/// <param name="SyncedTable">catalog.schema.table in Unity Catalog.</param>
public sealed record ResourceNames(string Instance, string Catalog, string SyncedTable);
