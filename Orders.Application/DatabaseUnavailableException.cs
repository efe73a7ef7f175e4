namespace Orders.Application;

/// <summary>
/// The database is temporarily unavailable: unreachable, starting, out of connections, refusing the login, or without the table that
/// the service takes.
/// </summary>
/// <param name="reason">A sentence for clients, without a host name, a user name or a connection string.</param>
/// <param name="cause">The driver's error, if there was one.</param>
/// <param name="hint">A sentence for the operator on what to set or run; null when the reason is enough.</param>
public sealed class DatabaseUnavailableException(string reason, Exception? cause, string? hint = null) : Exception(reason, cause)
{
    public string? Hint => hint;

    /// <summary>The reason followed by the hint, if there is one.</summary>
    public string MessageWithHint => hint is null ? Message : $"{Message} {hint}";

    /// <summary>
    /// There was a connection, and this statement failed; others may succeed. When false, there was no connection and every statement
    /// fails.
    /// </summary>
    public bool IsConnected { get; init; }

    /// <summary>The reason is in the log already, once for all who meet it.</summary>
    public bool IsLogged { get; init; }
}
