namespace Orders.Infrastructure.Orders;

/// <summary>A new status for an order.</summary>
internal readonly record struct StatusUpdate(long OrderKey, string Status);
