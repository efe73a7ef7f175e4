using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using Npgsql;
using Orders.Application;

namespace Orders.Infrastructure.Postgres;

/// <summary>What differs from server to server: how long it is waited for, and what is done and said when it refuses. This is a plain PostgreSQL.</summary>
internal class ServerRules(TimeSpan patience)
{
    /// <summary>For how long a server that can't be reached is tried again.</summary>
    public TimeSpan Patience => patience;

    /// <summary>Goes up with each password.</summary>
    public virtual int PasswordVersion => 0;

    /// <summary>Gets another password after a refused login.</summary>
    /// <param name="refused">The version when the login began.</param>
    /// <param name="cancellationToken">The caller's token.</param>
    /// <returns>Whether there is a newer one, so that the login is worth another try.</returns>
    public virtual Task<bool> RenewPasswordAsync(int refused, CancellationToken cancellationToken) => Task.FromResult(false);

    /// <summary>Whether a failure to open a connection passes by itself: the server wakes up, restarts, or another one takes over.</summary>
    public virtual bool IsPassing(Exception exception) => exception switch
    {
        PostgresException { SqlState: var state } => state is PostgresErrorCodes.CannotConnectNow or PostgresErrorCodes.AdminShutdown
            or PostgresErrorCodes.CrashShutdown or ['0', '8', ..],
        NpgsqlException { InnerException: TimeoutException } => !IsPoolExhausted(exception),
        _ when IsOfFile(exception) => false,
        _ => exception is SocketException or IOException or TimeoutException || exception.InnerException is SocketException or IOException,
    };

    public virtual DatabaseUnavailableException Unavailable(Exception exception) => new(Reason(exception), exception);

    /// <summary>A sentence on a table that is not there, where more is known of it than that; else null.</summary>
    public virtual Task<string?> ExplainMissingTableAsync(TablePlace place, CancellationToken cancellationToken) => Task.FromResult<string?>(null);

    protected static string Reason(Exception exception) => exception switch
    {
        PostgresException { SqlState: PostgresErrorCodes.CannotConnectNow } => "The database is starting up or shutting down.",
        PostgresException { SqlState: PostgresErrorCodes.TooManyConnections } => "The database has no connection left.",
        PostgresException { SqlState: PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification } =>
            "The database refuses the login: check the user name and the password in ConnectionStrings:Orders.",
        PostgresException { SqlState: PostgresErrorCodes.InvalidCatalogName } =>
            "The server has no database of that name: check Database in ConnectionStrings:Orders.",
        PostgresException postgres => $"The database refuses the connection (SQLSTATE {postgres.SqlState}).",
        _ when IsPoolExhausted(exception) => "Every pooled connection stayed in use for the whole connection time-out.",
        NpgsqlException { InnerException: TimeoutException } or TimeoutException => "The database did not answer within the connection time-out.",
        { InnerException: AuthenticationException } =>
            "The database's certificate is not trusted, or is for another host: set Root Certificate in ConnectionStrings:Orders to the file of its authority's.",
        _ when IsOfFile(exception) =>
            "The file that Root Certificate (PGSSLROOTCERT) or SSL Certificate (PGSSLCERT) in ConnectionStrings:Orders names is not there, can't be read, or holds no certificate.",
        { InnerException: SocketException { SocketErrorCode: SocketError.ConnectionRefused or SocketError.AddressNotAvailable } } =>
            "The database does not accept connections: nothing listens at its address.",
        { InnerException: SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.TryAgain } } =>
            "The database's host name can't be resolved.",
        _ => "The database can't be reached.",
    };

    /// <summary>The driver reads the files of certificates when it connects; what it meets there says nothing of the server.</summary>
    public static bool IsOfFile(Exception exception) => IsFileFault(exception) || IsFileFault(exception.InnerException);

    private static bool IsFileFault(Exception? exception) =>
        exception is FileNotFoundException or DirectoryNotFoundException or UnauthorizedAccessException or CryptographicException;

    private static bool IsPoolExhausted(Exception exception) =>
        exception is NpgsqlException { InnerException: TimeoutException } && exception.Message.Contains("pool", StringComparison.Ordinal);
}
