using System.Net.Sockets;
using Npgsql;
using Orders.Application;

namespace Orders.Infrastructure.Persistence;

/// <summary>Opens connections so that "no connection could be had" is told apart from "the statement failed".</summary>
/// <remarks>The driver reports a time-out of both with the same exception, and a client is answered 503 for one, 504 for the other.</remarks>
internal static class DatabaseConnections
{
    /// <exception cref="DatabaseUnavailableException">No connection could be had.</exception>
    public static async ValueTask<NpgsqlConnection> OpenAsync(this NpgsqlDataSource dataSource, CancellationToken cancellationToken)
    {
        try
        {
            return await dataSource.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is NpgsqlException or SocketException or IOException or TimeoutException)
        {
            throw new DatabaseUnavailableException(Reason(exception), exception);
        }
    }

    private static string Reason(Exception exception) => exception switch
    {
        PostgresException { SqlState: PostgresErrorCodes.CannotConnectNow } => "The database is starting up or shutting down.",
        PostgresException { SqlState: PostgresErrorCodes.TooManyConnections } => "The database has no connection left.",
        PostgresException { SqlState: PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification } =>
            "The database refuses the login: check the user name and the password in ConnectionStrings:Orders.",
        PostgresException { SqlState: PostgresErrorCodes.InvalidCatalogName } =>
            "The server has no database of that name: check Database in ConnectionStrings:Orders.",
        PostgresException postgres => $"The database refuses the connection (SQLSTATE {postgres.SqlState}).",
        NpgsqlException { InnerException: TimeoutException } when exception.Message.Contains("pool", StringComparison.Ordinal) =>
            "Every pooled connection stayed in use for the whole connection time-out.",
        NpgsqlException { InnerException: TimeoutException } or TimeoutException => "The database did not answer within the connection time-out.",
        { InnerException: SocketException { SocketErrorCode: SocketError.ConnectionRefused or SocketError.AddressNotAvailable } } =>
            "The database does not accept connections: nothing listens at its address.",
        { InnerException: SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.TryAgain } } =>
            "The database's host name can't be resolved.",
        _ => "The database can't be reached.",
    };
}
