using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using Npgsql;
using Orders.Application;

namespace Orders.Infrastructure.Postgres;

/// <summary>How connections to the server are retried, and what is said when there is none. This one is for a plain PostgreSQL.</summary>
internal class ConnectionPolicy(TimeSpan retryTime)
{
    /// <summary>How long a server that can't be reached is retried.</summary>
    public TimeSpan RetryTime => retryTime;

    /// <summary>Goes up with each new password.</summary>
    public virtual int PasswordVersion => 0;

    /// <summary>Gets a new password after a refused login.</summary>
    /// <param name="refused">The version of the refused password.</param>
    /// <param name="cancellationToken">The caller's token.</param>
    /// <returns>True when there is a newer one to try.</returns>
    public virtual Task<bool> RenewPasswordAsync(int refused, CancellationToken cancellationToken) => Task.FromResult(false);

    /// <summary>Whether an error on opening a connection goes away by itself: the server wakes up, restarts or fails over.</summary>
    public virtual bool IsTransient(Exception exception) => exception switch
    {
        PostgresException postgres => SqlStates.IsTransientAtLogin(postgres),
        NpgsqlException { InnerException: TimeoutException } => !IsPoolExhausted(exception),
        _ when IsFileError(exception) => false,
        _ => exception is SocketException or IOException or TimeoutException || exception.InnerException is SocketException or IOException,
    };

    public virtual DatabaseUnavailableException Unavailable(Exception exception) => new(Reason(exception), exception);

    /// <summary>A sentence on why the table is missing, when this server knows more; else null.</summary>
    public virtual Task<string?> ExplainMissingTableAsync(TableLocation location, CancellationToken cancellationToken) =>
        Task.FromResult<string?>(null);

    protected static string Reason(Exception exception) => exception switch
    {
        _ when SqlStates.IsStarting(exception) => "The database is starting up or shutting down.",
        _ when SqlStates.IsOutOfConnections(exception) => "The database has no connection left.",
        _ when SqlStates.IsRefusedPassword(exception) || SqlStates.IsRefusedRole(exception) =>
            "The database refuses the login: check the user name and the password in ConnectionStrings:Orders.",
        _ when SqlStates.IsMissingDatabase(exception) => "The server has no database of that name: check Database in "
            + "ConnectionStrings:Orders.",
        _ when SqlStates.IsRefusedSearchPath(exception) => "A pooler in front of the database refuses Search Path in "
            + "ConnectionStrings:Orders: leave it out, and set it for the role, as docs/operations.md says under Poolers.",
        PostgresException postgres => $"The database refuses the connection (SQLSTATE {postgres.SqlState}).",
        _ when IsPoolExhausted(exception) => "Every pooled connection stayed in use for the whole connection time-out.",
        NpgsqlException { InnerException: TimeoutException } or TimeoutException => "The database did not answer within the connection "
            + "time-out.",
        { InnerException: AuthenticationException } =>
            "The database's certificate is not trusted, or is for another host: set Root Certificate in ConnectionStrings:Orders to the "
                + "file of its authority's.",
        _ when IsFileError(exception) =>
            "The file that Root Certificate (PGSSLROOTCERT) or SSL Certificate (PGSSLCERT) in ConnectionStrings:Orders names is not "
                + "there, can't be read, or holds no certificate.",
        { InnerException: SocketException { SocketErrorCode: SocketError.ConnectionRefused or SocketError.AddressNotAvailable } } =>
            "The database does not accept connections: nothing listens at its address.",
        { InnerException: SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.TryAgain } } =>
            "The database's host name can't be resolved.",
        _ => "The database can't be reached.",
    };

    /// <summary>The driver reads certificate files when it connects. An error there says nothing about the server.</summary>
    public static bool IsFileError(Exception exception) => IsOfFile(exception) || IsOfFile(exception.InnerException);

    private static bool IsOfFile(Exception? exception) =>
        exception is FileNotFoundException or DirectoryNotFoundException or UnauthorizedAccessException or CryptographicException;

    public static bool IsPoolExhausted(Exception? exception) =>
        exception is NpgsqlException { InnerException: TimeoutException } && exception.Message.Contains("pool", StringComparison.Ordinal);
}
