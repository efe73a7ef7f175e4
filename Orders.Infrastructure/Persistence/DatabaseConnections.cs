using System.Net.Sockets;
using Npgsql;
using Orders.Application;

namespace Orders.Infrastructure.Persistence;

/// <summary>Opens connections so that "no connection could be had" is told apart from "the statement failed", and mends pooled ones.</summary>
/// <remarks>The driver reports a time-out of both with the same exception, and a client is answered 503 for one, 504 for the other.</remarks>
internal static class DatabaseConnections
{
    /// <summary>Runs what may be run twice: once more on a new connection when a pooled one turns out to be of no use any longer.</summary>
    /// <exception cref="DatabaseUnavailableException">No connection could be had.</exception>
    public static async Task<T> ReadAsync<T>(this NpgsqlDataSource dataSource, Func<NpgsqlConnection, Task<T>> read, CancellationToken cancellationToken)
    {
        try
        {
            return await dataSource.RunAsync(read, cancellationToken);
        }
        catch (Exception exception) when (IsStale(exception) && !cancellationToken.IsCancellationRequested)
        {
            return await dataSource.RunAsync(read, cancellationToken);
        }
    }

    /// <summary>Runs what must not be run twice.</summary>
    /// <exception cref="DatabaseUnavailableException">No connection could be had.</exception>
    public static async Task<T> RunAsync<T>(this NpgsqlDataSource dataSource, Func<NpgsqlConnection, Task<T>> run, CancellationToken cancellationToken)
    {
        try
        {
            // A server that does not answer holds up the driver's own cancelling as well; the caller is not to wait for that.
            return await OpenAndRunAsync(dataSource, run, cancellationToken).WaitAsync(cancellationToken);
        }
        catch (Exception exception) when (IsStale(exception))
        {
            dataSource.Clear();
            throw;
        }
    }

    private static async Task<T> OpenAndRunAsync<T>(NpgsqlDataSource dataSource, Func<NpgsqlConnection, Task<T>> run, CancellationToken cancellationToken)
    {
        await using NpgsqlConnection connection = await dataSource.OpenAsync(cancellationToken);
        return await run(connection);
    }

    /// <summary>
    /// The server has ended the connection, or the table is another than the one that statements were prepared for. After the
    /// latter, the driver's own account of prepared statements may stay wrong for as long as the connection lives.
    /// </summary>
    private static bool IsStale(Exception exception) => exception switch
    {
        PostgresException { SqlState: var state } => state is PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown
            or PostgresErrorCodes.FeatureNotSupported or PostgresErrorCodes.InvalidSqlStatementName or PostgresErrorCodes.ReadOnlySqlTransaction,
        NpgsqlException { InnerException: IOException or SocketException } => true,
        InvalidOperationException { Source: "Npgsql" } => true,
        _ => false,
    };

    /// <exception cref="DatabaseUnavailableException">No connection could be had.</exception>
    public static async ValueTask<NpgsqlConnection> OpenAsync(this NpgsqlDataSource dataSource, CancellationToken cancellationToken)
    {
        try
        {
            return await dataSource.OpenConnectionAsync(cancellationToken);
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
