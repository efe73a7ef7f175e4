using Npgsql;
using Orders.Application;
using Orders.Application.Overlay;
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

    public static TableLocation Location => new("where Orders:SyncedTable says", "Orders:SyncedTable", OverlayScript.Source);

    /// <param name="mode">Where changes go.</param>
    /// <param name="syncedTable"><c>Orders:SyncedTable</c>.</param>
    /// <param name="overlaySchema"><c>Orders:OverlaySchema</c>.</param>
    /// <exception cref="StartupException">A name can't be; the message says what to set.</exception>
    public static StatusChangeOptions Create(StatusChangeMode mode, string syncedTable, string overlaySchema)
    {
        var options = new StatusChangeOptions
        {
            Mode = mode,
            SyncedTable = QualifiedName.Parse(syncedTable) ?? throw new StartupException(
                $"Orders:SyncedTable is '{syncedTable}'. Set it to schema.table, as the catalogue has them (without $, at most 63 bytes "
                    + "each)."),
            OverlaySchema = QualifiedName.IsUsable(overlaySchema) ? overlaySchema : throw new StartupException(
                $"Orders:OverlaySchema is '{overlaySchema}'. Set it to the name of a schema, as the catalogue has it (without $, at most "
                    + "63 bytes)."),
        };
        return options.SyncedTable.Schema != options.OverlaySchema ? options : throw new StartupException(
            $"Orders:OverlaySchema is '{overlaySchema}', which is the synced table's own schema. Set it to another one.");
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
}
