using Npgsql;
using Orders.Application;
using Orders.Infrastructure.Postgres;

namespace Orders.Infrastructure.Tpch;

/// <summary>The error messages of a load.</summary>
internal static class SeedFailure
{
    public static string Describe(Exception failure) => failure switch
    {
        PostgresException e => Describe(e),
        NpgsqlException { InnerException: PostgresException e } => Describe(e),
        DatabaseUnavailableException e => e.MessageWithHint,
        NpgsqlException { InnerException: IOException } or IOException => "The connection to PostgreSQL was lost.",
        _ => $"PostgreSQL could not be reached: {failure.Message}.",
    };

    public static string Describe(TableState state) => state switch
    {
        TableState.Unchanged => "The table is unchanged.",
        TableState.Unknown => "This happened during the commit: count the rows to see whether the new ones are there.",
        TableState.Filled => "All orders are loaded, but the table was not vacuumed: run \"vacuum (analyze) orders_synced\".",
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, message: null),
    };

    private static string Describe(PostgresException e) => e switch
    {
        _ when SqlStates.IsMissingTable(e) => "There is no table orders_synced on the connection's search path.",
        _ when SqlStates.IsMissingRight(e) =>
            $"A right is missing: {e.MessageText}. A load needs select, insert and delete on orders_synced.",
        _ when SqlStates.IsDiskFull(e) => $"The database server's disk is full: {e.MessageText}.",
        _ when SqlStates.KindOf(e) == ErrorKind.ServerAway => $"PostgreSQL ended the connection: {e.MessageText}.",
        _ => $"PostgreSQL refused: {e.MessageText} ({e.SqlState}).",
    };
}
