namespace Orders.Application;

/// <summary>How many orders there are, and how long ago that was read.</summary>
public readonly record struct OrderCount(long Orders, TimeSpan Age);
