namespace Orders.Application.Orders;

/// <summary>How many orders there are and where to find them by number, and how long ago that was read.</summary>
/// <param name="Keys">What the walk found.</param>
/// <param name="Age">The time since the walk's snapshot was taken.</param>
public readonly record struct OrderCount(OrderKeys Keys, TimeSpan Age)
{
    /// <summary>The number of orders.</summary>
    public long Orders => Keys.Count;
}
