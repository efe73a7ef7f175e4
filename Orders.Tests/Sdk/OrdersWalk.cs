using System.Runtime.CompilerServices;
using Orders.Client;

namespace Orders.Tests.Sdk;

/// <summary>Walks over the orders with the generated client.</summary>
internal static class OrdersWalk
{
    /// <summary>Every order after a key, in ascending order of the keys. A thousand at a time come over the wire, as they are asked for.</summary>
    public static async IAsyncEnumerable<Order> WalkAsync(
        this OrdersClient client, long after = 0, int pageSize = 1000, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        for (long? cursor = after; cursor is not null;)
        {
            OrderStream slice = await client.StreamOrdersAsync(cursor, pageSize, cancellationToken: cancellationToken);
            foreach (Order order in slice.Orders)
            {
                yield return order;
            }

            cursor = slice.Pagination.Next_cursor;
        }
    }
}
