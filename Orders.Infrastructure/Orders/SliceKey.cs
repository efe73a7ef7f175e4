namespace Orders.Infrastructure.Orders;

/// <summary>The slice of so many orders that comes <paramref name="Skip"/> orders after a key.</summary>
internal readonly record struct SliceKey(long AfterKey, long Skip, int PageSize);
