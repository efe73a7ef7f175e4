namespace Orders.Application;

/// <summary>Tokens by which a read shows a change that another instance has made, whichever server answers it.</summary>
public interface IConsistencyTokens
{
    /// <summary>There is more than one server; otherwise tokens are neither given nor looked at.</summary>
    bool AreUsed { get; }

    /// <summary>
    /// A token for the newest change of this instance and everything before it; null when it has made none, or when there is one server
    /// alone, which needs no token.
    /// </summary>
    string? Newest { get; }

    /// <summary>What is read from here on shows the token's change. A token that can't be read leads to the primary.</summary>
    void Require(string token);
}
