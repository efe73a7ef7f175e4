using Microsoft.Extensions.Configuration;
using Npgsql;
using Orders.Application;
using Orders.Infrastructure.Postgres;

namespace Orders.Infrastructure.Overlay;

/// <summary>The settings on where changes of status go; the README documents them.</summary>
internal sealed record StatusChangeOptions
{
    public required StatusChangeMode Mode { get; init; }

    /// <summary>The table that the sync owns.</summary>
    public required QualifiedName SyncedTable { get; init; }

    /// <summary>The schema of ours with the view and the changes.</summary>
    public required string OverlaySchema { get; init; }

    public TableLocation Location => new($"at {SyncedTable}", "Orders:SyncedTable", OverlayScript.Source);

    /// <param name="configuration">The settings.</param>
    /// <param name="defaultMode">The mode when no setting says one.</param>
    /// <param name="tableInCatalog">The synced table's name in Unity Catalog, catalog.schema.table; null when it is not known.</param>
    /// <exception cref="StartupException">A setting can't be; the message says what to set.</exception>
    public static StatusChangeOptions From(IConfiguration configuration, StatusChangeMode defaultMode, string? tableInCatalog)
    {
        // In Unity Catalog, a catalog's name is in front of the schema's.
        string inCatalog = tableInCatalog is { } name ? name[(name.IndexOf('.', StringComparison.Ordinal) + 1)..] : "public.orders_synced";
        string table = Text(configuration, "Orders:SyncedTable", inCatalog);
        string schema = Text(configuration, "Orders:OverlaySchema", "orders_overlay");
        var options = new StatusChangeOptions
        {
            Mode = ReadMode(configuration, defaultMode),
            SyncedTable = QualifiedName.Parse(table) ?? throw new StartupException(
                $"Orders:SyncedTable is '{table}'. Set it to schema.table, as the catalogue has them (without $, at most 63 bytes each)."),
            OverlaySchema = QualifiedName.IsUsable(schema) ? schema : throw new StartupException(
                $"Orders:OverlaySchema is '{schema}'. Set it to the name of a schema, as the catalogue has it (without $, at most 63 bytes)."),
        };
        return options.SyncedTable.Schema != options.OverlaySchema ? options : throw new StartupException(
            $"Orders:OverlaySchema is '{schema}', which is the synced table's own schema. Set it to another one.");
    }

    /// <summary>
    /// The connection string that leads to the overlay where it is used: to our schema and to no other, so that without the view
    /// its name can't lead to the synced table itself.
    /// </summary>
    public string Lead(string connectionString)
    {
        if (Mode == StatusChangeMode.InPlace)
        {
            return connectionString;
        }

        try
        {
            return new NpgsqlConnectionStringBuilder(connectionString) { SearchPath = QualifiedName.Quote(OverlaySchema) }.ConnectionString;
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException)
        {
            // Whoever uses it says so.
            return connectionString;
        }
    }

    private static StatusChangeMode ReadMode(IConfiguration configuration, StatusChangeMode preset) => Text(configuration, "Orders:StatusChanges", preset.ToString()) switch
    {
        var text when text.Equals(nameof(StatusChangeMode.InPlace), StringComparison.OrdinalIgnoreCase) => StatusChangeMode.InPlace,
        var text when text.Equals(nameof(StatusChangeMode.Overlay), StringComparison.OrdinalIgnoreCase) => StatusChangeMode.Overlay,
        var text => throw new StartupException(
            $"Orders:StatusChanges is '{text}'. Set it to InPlace (a table that is yours to write to) or to Overlay (a synced table)."),
    };

    private static string Text(IConfiguration configuration, string key, string preset) =>
        configuration[key] is { } text && !string.IsNullOrWhiteSpace(text) ? text : preset;
}
