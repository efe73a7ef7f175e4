namespace Orders.Infrastructure.Persistence;

/// <summary>A new status for an order.</summary>
internal readonly record struct StatusUpdate(long OrderKey, string Status);
