namespace Orders.Application.Orders;

/// <summary>The first count is still being taken, and did not end within the caller's time.</summary>
public sealed class CountNotReadyException() : Exception("The orders are still being counted for the first time.");
