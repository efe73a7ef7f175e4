namespace Orders.Application.Orders;

/// <summary>How many orders there are and where, and how old that is.</summary>
/// <param name="Index">The keys.</param>
/// <param name="Age">The time since the snapshot was taken.</param>
public readonly record struct OrderCount(KeyIndex Index, TimeSpan Age)
{
    /// <summary>The number of orders.</summary>
    public long Orders => Index.Count;
}
