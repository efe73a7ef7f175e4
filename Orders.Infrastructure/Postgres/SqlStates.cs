using System.Net.Sockets;
using System.Text;
using Npgsql;
using Orders.Application;

namespace Orders.Infrastructure.Postgres;

/// <summary>What an error of PostgreSQL means to this service.</summary>
internal enum ErrorKind
{
    /// <summary>
    /// The table, a column or a type is not what the statements need. Every request meets it until someone mends the table.
    /// </summary>
    WrongTable,

    /// <summary>This row, or this change, is refused or can't be read. Other rows are fine.</summary>
    WrongRow,

    /// <summary>The server is away, starting, out of resources, or takes no changes.</summary>
    ServerAway,

    /// <summary>The statement did not happen, and may well succeed when it runs again.</summary>
    TryAgain,

    /// <summary>The statement exceeded a time limit of the server's.</summary>
    TookTooLong,

    /// <summary>The role lacks a right, or the login is refused.</summary>
    NotAllowed,

    /// <summary>A mistake of this service, or of the server.</summary>
    Internal,
}

/// <summary>Reads SQLSTATEs, for all of the service. Source: PostgreSQL documentation, appendix A, "PostgreSQL Error Codes".</summary>
internal static class SqlStates
{
    /// <summary>The C function of the server that reports a change refused by a row security policy or by a view's check option.</summary>
    private const string CheckOptionRoutine = "ExecWithCheckOptions";

    /// <summary>The kind of an error of the driver, or of one that wraps such; null for all other exceptions.</summary>
    public static ErrorKind? KindOf(Exception exception) => exception switch
    {
        PostgresException { SqlState: PostgresErrorCodes.InsufficientPrivilege, Routine: CheckOptionRoutine } => ErrorKind.WrongRow,
        PostgresException { SqlState: var state } => KindOf(state),
        NpgsqlException { InnerException: TimeoutException } => ErrorKind.TookTooLong,
        NpgsqlException { InnerException: IOException or SocketException } => ErrorKind.ServerAway,
        NpgsqlException => ErrorKind.Internal,
        // The driver can't convert a value of the row.
        InvalidCastException or OverflowException or ArgumentOutOfRangeException or DecoderFallbackException => ErrorKind.WrongRow,
        DatabaseUnavailableException { InnerException: NpgsqlException inner } => KindOf(inner),
        TimeoutException { InnerException: NpgsqlException inner } => KindOf(inner),
        _ => null,
    };

    /// <summary>By the code first, then by its class, the first two characters.</summary>
    public static ErrorKind KindOf(string sqlState) => sqlState switch
    {
        // read_only_sql_transaction: a standby; idle_in_transaction_session_timeout; transaction_timeout
        "25006" => ErrorKind.ServerAway,
        "25P03" => ErrorKind.TryAgain,
        "25P04" => ErrorKind.TookTooLong,
        // transaction_integrity_constraint_violation, statement_completion_unknown: what happened is not known
        "40002" => ErrorKind.WrongRow,
        "40003" => ErrorKind.ServerAway,
        // insufficient_privilege, syntax_error, duplicate_prepared_statement: behind a pooler
        "42501" => ErrorKind.NotAllowed,
        "42601" => ErrorKind.Internal,
        "42P05" => ErrorKind.TryAgain,
        // object_in_use, cant_change_runtime_param, lock_not_available
        "55006" => ErrorKind.TryAgain,
        "55P02" => ErrorKind.Internal,
        "55P03" => ErrorKind.TookTooLong,
        // query_canceled, idle_session_timeout: the session was ended before the statement came
        "57014" => ErrorKind.TookTooLong,
        "57P05" => ErrorKind.TryAgain,
        // fdw_unable_to_establish_connection
        "HV00N" => ErrorKind.ServerAway,
        [var first, var second, ..] => KindOfClass($"{first}{second}"),
        _ => ErrorKind.Internal,
    };

    private static ErrorKind KindOfClass(string sqlClass) => sqlClass switch
    {
        // Connection exception, insufficient resources, operator intervention.
        "08" or "53" or "57" => ErrorKind.ServerAway,
        // Feature not supported: as a rule, a prepared statement whose table has changed. Invalid statement name: behind a pooler.
        // Transaction rollback: serialization failure, deadlock. Snapshot too old.
        "0A" or "26" or "40" or "72" => ErrorKind.TryAgain,
        // Triggered action exception, case not found, cardinality violation, data exception, integrity constraint violation, triggered
        // data change violation, SQL routine exception, external routine exceptions, WITH CHECK OPTION violation, PL/pgSQL error,
        // internal error: as a rule, damaged data.
        "09" or "20" or "21" or "22" or "23" or "27" or "2F" or "38" or "39" or "44" or "P0" or "XX" => ErrorKind.WrongRow,
        // Invalid catalog name, invalid schema name, syntax error or access rule violation, object not in prerequisite state, foreign
        // data wrapper error.
        "3D" or "3F" or "42" or "55" or "HV" => ErrorKind.WrongTable,
        // Invalid authorization specification, invalid role specification, invalid grantor.
        "28" or "0P" or "0L" => ErrorKind.NotAllowed,
        _ => ErrorKind.Internal,
    };

    /// <summary>
    /// The server says that it has undone the statement, or not begun it. Class 08 does not say so: it may come from something in front
    /// of the server. Nor does crash_shutdown, which is sent at any moment, even after a commit.
    /// </summary>
    public static bool DidNotHappen(Exception exception) => exception switch
    {
        PostgresException { SqlState: var state } =>
            KindOf(state) == ErrorKind.TryAgain || state is PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.ReadOnlySqlTransaction,
        // Broken pipe: the server had closed its end before the statement was sent, and nothing of it arrived.
        NpgsqlException { InnerException: IOException { InnerException: SocketException { SocketErrorCode: SocketError.Shutdown } } } =>
            true,
        NpgsqlException { InnerException: SocketException { SocketErrorCode: SocketError.Shutdown } } => true,
        _ => false,
    };

    /// <summary>
    /// The pool's connections are of no more use: the server has ended this one, or its prepared statements are for a table that has
    /// changed. In the latter case the driver's own record of them may stay wrong as long as the connection lives.
    /// </summary>
    public static bool EndsConnections(Exception exception) => exception switch
    {
        PostgresException { SqlState: var state } =>
            state is "0A000" or "25006" or "26000" or "42P05" or "57P01" or "57P02" or "57P04" or "57P05" or ['0', '8', ..],
        NpgsqlException { InnerException: IOException or SocketException } => true,
        InvalidOperationException { Source: "Npgsql" } => true,
        _ => false,
    };

    /// <summary>A server that starts, stops or fails over refuses connections like this, and takes them soon after.</summary>
    public static bool IsTransientAtLogin(PostgresException exception) =>
        exception.SqlState is PostgresErrorCodes.CannotConnectNow or PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown
            or ['0', '8', ..] && !IsRefusedSearchPath(exception);

    /// <summary>
    /// A pooler takes no search path at the login: PgBouncer says so as a protocol violation, others as a feature that they lack.
    /// </summary>
    public static bool IsRefusedSearchPath(Exception exception) =>
        (Is(exception, PostgresErrorCodes.ProtocolViolation) || Is(exception, PostgresErrorCodes.FeatureNotSupported))
        && (exception as PostgresException ?? exception.InnerException)!.Message.Contains("search_path", StringComparison.Ordinal);

    /// <summary>
    /// A prepared statement is not there, or is there already: a pooler has passed the connection on, or a server was replaced.
    /// </summary>
    public static bool IsOfPooler(Exception exception) =>
        Is(exception, PostgresErrorCodes.InvalidSqlStatementName) || Is(exception, PostgresErrorCodes.DuplicatePreparedStatement);

    /// <summary>Other statements were in the way of this one: a serialization failure, or a deadlock.</summary>
    public static bool IsConflict(Exception exception) =>
        Is(exception, PostgresErrorCodes.SerializationFailure) || Is(exception, PostgresErrorCodes.DeadlockDetected);

    public static bool IsReadOnly(Exception exception) => Is(exception, PostgresErrorCodes.ReadOnlySqlTransaction);

    /// <summary>The password is wrong, or has expired.</summary>
    public static bool IsRefusedPassword(Exception exception) => Is(exception, PostgresErrorCodes.InvalidPassword);

    /// <summary>The role does not exist, or may not log in from here.</summary>
    public static bool IsRefusedRole(Exception exception) => Is(exception, PostgresErrorCodes.InvalidAuthorizationSpecification);

    public static bool IsMissingDatabase(Exception exception) => Is(exception, PostgresErrorCodes.InvalidCatalogName);

    public static bool IsMissingTable(Exception exception) => Is(exception, PostgresErrorCodes.UndefinedTable);

    /// <summary>A column is missing; or a function that returns the columns finds others, or of other types.</summary>
    public static bool IsMissingColumn(Exception exception) =>
        Is(exception, PostgresErrorCodes.UndefinedColumn) || Is(exception, PostgresErrorCodes.InvalidFunctionDefinition);

    public static bool IsMissingRight(Exception exception) => Is(exception, PostgresErrorCodes.InsufficientPrivilege);

    public static bool IsStarting(Exception exception) => Is(exception, PostgresErrorCodes.CannotConnectNow);

    public static bool IsOutOfConnections(Exception exception) => Is(exception, PostgresErrorCodes.TooManyConnections);

    public static bool IsDiskFull(Exception exception) => Is(exception, PostgresErrorCodes.DiskFull);

    public static bool IsLockTimeout(Exception exception) => Is(exception, PostgresErrorCodes.LockNotAvailable);

    /// <summary>The server can't do what the statement asks of this table.</summary>
    public static bool IsUnsupported(Exception exception) => Is(exception, PostgresErrorCodes.FeatureNotSupported);

    private static bool Is(Exception exception, string state) =>
        (exception as PostgresException ?? exception.InnerException as PostgresException)?.SqlState == state;
}
