namespace Orders.Application;

/// <summary>The database can't do the work at present: it is away, starting, out of connections, or refuses the login.</summary>
/// <param name="reason">A sentence for clients, without a host name, a user name or a connection string.</param>
/// <param name="cause">The driver's error.</param>
/// <param name="hint">A sentence for the operator on what to set or run; null when the reason says it.</param>
public sealed class DatabaseUnavailableException(string reason, Exception cause, string? hint = null) : Exception(reason, cause)
{
    public string? Hint => hint;

    /// <summary>Whether there was a connection, and the statement failed. If not, other statements would meet the same.</summary>
    public bool IsConnected { get; init; }
}
