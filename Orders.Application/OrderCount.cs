namespace Orders.Application;

/// <summary>How many orders there are up to which key, and how long ago that was read.</summary>
/// <param name="Orders">The number of orders.</param>
/// <param name="LastKey">The greatest key among them; 0 for an empty table.</param>
/// <param name="Age">The time since the count's snapshot was taken.</param>
public readonly record struct OrderCount(long Orders, long LastKey, TimeSpan Age);
