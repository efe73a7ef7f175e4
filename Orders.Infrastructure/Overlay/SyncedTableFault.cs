using Npgsql;

namespace Orders.Infrastructure.Overlay;

/// <summary>What is wrong with the synced table, by the error that a statement on the view ends with.</summary>
internal static class SyncedTableFault
{
    /// <summary>A sentence; null when it is not the synced table that is at fault.</summary>
    public static string? Describe(Exception exception) => exception is PostgresException postgres && IsInSource(postgres)
        ? postgres.SqlState switch
        {
            PostgresErrorCodes.UndefinedTable => "The synced table is not there at present: its sync is making it anew, or is not online yet.",
            PostgresErrorCodes.UndefinedColumn or PostgresErrorCodes.InvalidFunctionDefinition =>
                "The synced table has not the columns of TPC-H's orders, or has them of other types.",
            _ => null,
        }
        : null;

    /// <summary>The context names the function that reads the table; the words around it are in the server's language.</summary>
    private static bool IsInSource(PostgresException exception) => exception.Where?.Contains($"\"{OverlayScript.Source}\"", StringComparison.Ordinal) ?? false;
}
