namespace Orders.Application;

/// <summary>No connection to the database could be had: it is down, starting, out of connections, or refuses the login.</summary>
/// <param name="reason">A sentence for an operator, without a host name, a user name or a connection string.</param>
/// <param name="cause">What the driver said.</param>
public sealed class DatabaseUnavailableException(string reason, Exception cause) : Exception(reason, cause);
