namespace Orders.Application;

/// <summary>No connection to the database could be had: it is down, starting, out of connections, or refuses the login.</summary>
/// <param name="reason">A sentence for anybody, without a host name, a user name or a connection string.</param>
/// <param name="cause">What the driver said.</param>
/// <param name="remedy">A sentence for an operator, with what to set or run; null when the reason says it all.</param>
public sealed class DatabaseUnavailableException(string reason, Exception cause, string? remedy = null) : Exception(reason, cause)
{
    public string? Remedy => remedy;
}
