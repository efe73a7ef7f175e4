using Npgsql;
using Orders.Application;
using Orders.Infrastructure.Postgres;

namespace Orders.Infrastructure.Tpch;

/// <summary>Says in words what stopped a load.</summary>
internal static class SeedFailure
{
    public static string Describe(Exception failure) => failure switch
    {
        PostgresException e => Describe(e),
        NpgsqlException { InnerException: PostgresException e } => Describe(e),
        DatabaseUnavailableException { Hint: null } => failure.Message,
        DatabaseUnavailableException e => $"{e.Message} {e.Hint}",
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

    private static string Describe(PostgresException e) => e switch
    {
        _ when SqlStates.IsMissingTable(e) => "There is no table orders_synced on the connection's search path.",
        _ when SqlStates.IsMissingRight(e) => $"A right is missing: {e.MessageText}. A load needs select, insert and delete on orders_synced.",
        _ when SqlStates.IsDiskFull(e) => $"The database server's disk is full: {e.MessageText}.",
        _ when SqlStates.KindOf(e) == ErrorKind.ServerAway => $"PostgreSQL ended the connection: {e.MessageText}.",
        _ => $"PostgreSQL refused: {e.MessageText} ({e.SqlState}).",
    };
}
