using System.Runtime.CompilerServices;
using Orders.Application.Seeding;

namespace Orders.Infrastructure.Tpch;

/// <summary>
/// Generates the orders of one scale factor by ascending key (TPC-H clause 4.2.3, table ORDERS), from any of them on. Every row takes a
/// fixed number of draws from each random stream, so starting anywhere is one skip ahead and costs the same.
/// </summary>
internal sealed class OrderGenerator
{
    private const int ClerksPerUnit = 1000;
    private const int CustomersPerUnit = 150_000;
    private const int CustomersWithoutOrders = 3;
    private const int CommentMinLength = 19;
    private const int CommentMaxLength = 78;

    private readonly long _customers;
    private readonly double _clerks;
    private readonly OrderLines _lines;

    private RandomStream _dates = new(StreamSeeds.OrderDate);
    private RandomStream _customerKeys = new(StreamSeeds.OrderCustomer);
    private RandomStream _priorities = new(StreamSeeds.OrderPriority);
    private RandomStream _clerkNumbers = new(StreamSeeds.OrderClerk);
    private RandomStream _comments = new(StreamSeeds.OrderComment);

    private long _number;

    /// <param name="scaleFactor">The size of the table. The ranges of customers, clerks and parts depend on it.</param>
    /// <param name="skipped">The number of orders before the first one to generate.</param>
    public OrderGenerator(ScaleFactor scaleFactor, long skipped)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(skipped);
        _customers = scaleFactor.Scale(CustomersPerUnit);
        _clerks = Math.Max(ClerksPerUnit, scaleFactor.Scale(ClerksPerUnit));
        _lines = new OrderLines(scaleFactor, skipped);
        _number = skipped;
        _dates.Skip(skipped);
        _customerKeys.Skip(skipped);
        _priorities.Skip(skipped);
        _clerkNumbers.Skip(skipped);
        _comments.Skip(2 * skipped);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Next(out OrderRow row)
    {
        _number++;
        row.OrderKey = SparseKey(_number);
        row.CustomerKey = CustomerWithOrders(1 + _customerKeys.Draw(_customers));
        row.OrderDay = (int)_dates.Draw(OrderCalendar.OrderDays);
        row.Priority = (int)_priorities.Draw(OrderPriorities.Count);
        row.Clerk = 1 + (int)_clerkNumbers.Draw(_clerks);
        row.CommentOffset = (int)_comments.Draw(TextPool.Length - CommentMaxLength + 1);
        row.CommentLength = CommentMinLength + (int)_comments.Draw(CommentMaxLength - CommentMinLength + 1);
        (row.TotalPrice, row.Status) = _lines.Next(row.OrderDay);
    }

    /// <summary>
    /// The key of the n-th order, counted from 1. Of every 32 consecutive keys, only the first 8 are used (TPC-H clause 4.2.3, O_ORDERKEY).
    /// </summary>
    internal static long SparseKey(long number) => ((number >> 3) << 5) | (number & 7);

    /// <summary>
    /// Every third customer has no orders (TPC-H clause 4.2.3, O_CUSTKEY). Their orders go to the next customer, or from the last
    /// customer to the one before.
    /// </summary>
    private long CustomerWithOrders(long customer)
    {
        for (int step = 1; customer % CustomersWithoutOrders == 0; step = -step)
        {
            customer = Math.Min(customer + step, _customers);
        }

        return customer;
    }
}
