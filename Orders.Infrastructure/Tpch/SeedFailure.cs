using Npgsql;

namespace Orders.Infrastructure.Tpch;

/// <summary>Says in words what stopped a load.</summary>
internal static class SeedFailure
{
    public static string Describe(Exception failure) => failure switch
    {
        PostgresException e => Describe(e),
        NpgsqlException { InnerException: PostgresException e } => Describe(e),
        NpgsqlException { InnerException: IOException } or IOException => "The connection to PostgreSQL was lost.",
        _ => $"PostgreSQL could not be reached: {failure.Message}.",
    };

    public static string Describe(TableState state) => state switch
    {
        TableState.AsItWas => "The table is as it was.",
        TableState.Unknown => "It happened while the new rows were being committed: count them to see whether they are in.",
        TableState.Filled => "The orders are all in, but the table was not vacuumed: run \"vacuum (analyze) orders_synced\".",
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, message: null),
    };

    private static string Describe(PostgresException e) => e.SqlState switch
    {
        PostgresErrorCodes.UndefinedTable => "There is no table orders_synced on the connection's search path.",
        PostgresErrorCodes.InsufficientPrivilege => $"A right is missing: {e.MessageText}. A load needs select, insert and delete on orders_synced.",
        PostgresErrorCodes.DiskFull => $"The database server's disk is full: {e.MessageText}.",
        PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.CannotConnectNow =>
            $"PostgreSQL ended the connection: {e.MessageText}.",
        _ => $"PostgreSQL refused: {e.MessageText} ({e.SqlState}).",
    };
}
