using Orders.Domain;

namespace Orders.Application.Orders;

/// <summary>
/// Takes the orders of a slice one by one, while the next ones are still being read, and keeps them in the form in which they are
/// answered: with the last order the answer is ready.
/// </summary>
public interface IOrderSink
{
    /// <summary>How many orders it has taken.</summary>
    int Count { get; }

    void Add(Order order);

    /// <summary>There are no more. From now on it may be read, by several at a time.</summary>
    void Complete();
}
