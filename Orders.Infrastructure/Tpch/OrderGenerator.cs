using System.Runtime.CompilerServices;
using Orders.Application.Seeding;

namespace Orders.Infrastructure.Tpch;

/// <summary>
/// Generates the orders of one scale factor in order (TPC-H clause 4.2.3, table ORDERS), starting at any of them. Every row takes a fixed number
/// of draws from each stream, so a start in the middle is a skip ahead and costs the same everywhere.
/// </summary>
internal sealed class OrderGenerator
{
    private const int ClerksPerUnit = 1000;
    private const int CustomersPerUnit = 150_000;
    private const int CustomersWithoutOrders = 3;
    private const int CommentMinLength = 19;
    private const int CommentMaxLength = 78;

    private readonly long customers;
    private readonly double clerks;
    private readonly OrderLines lines;

    private RandomStream dates = new(StreamSeeds.OrderDate);
    private RandomStream customerKeys = new(StreamSeeds.OrderCustomer);
    private RandomStream priorities = new(StreamSeeds.OrderPriority);
    private RandomStream clerkNumbers = new(StreamSeeds.OrderClerk);
    private RandomStream comments = new(StreamSeeds.OrderComment);

    private long number;

    /// <param name="scaleFactor">The size of the table, on which the ranges of customers, clerks and parts depend.</param>
    /// <param name="skipped">How many orders come before the first one that is generated.</param>
    public OrderGenerator(ScaleFactor scaleFactor, long skipped)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(skipped);
        customers = scaleFactor.Scale(CustomersPerUnit);
        clerks = Math.Max(ClerksPerUnit, scaleFactor.Scale(ClerksPerUnit));
        lines = new OrderLines(scaleFactor, skipped);
        number = skipped;
        dates.Skip(skipped);
        customerKeys.Skip(skipped);
        priorities.Skip(skipped);
        clerkNumbers.Skip(skipped);
        comments.Skip(2 * skipped);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Next(out OrderRow row)
    {
        number++;
        row.OrderKey = SparseKey(number);
        row.CustomerKey = CustomerWithOrders(1 + customerKeys.Draw(customers));
        row.OrderDay = (int)dates.Draw(OrderCalendar.OrderDays);
        row.Priority = (int)priorities.Draw(OrderPriorities.Count);
        row.Clerk = 1 + (int)clerkNumbers.Draw(clerks);
        row.CommentOffset = (int)comments.Draw(TextPool.Length - CommentMaxLength + 1);
        row.CommentLength = CommentMinLength + (int)comments.Draw(CommentMaxLength - CommentMinLength + 1);
        (row.TotalPrice, row.Status) = lines.Next(row.OrderDay);
    }

    /// <summary>
    /// The key of the n-th order, the first being 1: of every 32 consecutive keys only the first 8 are used (TPC-H clause 4.2.3, O_ORDERKEY).
    /// </summary>
    internal static long SparseKey(long number) => ((number >> 3) << 5) | (number & 7);

    /// <summary>Every third customer has no orders (TPC-H clause 4.2.3, O_CUSTKEY); theirs go to the next one, or the one before at the end.</summary>
    private long CustomerWithOrders(long customer)
    {
        for (var step = 1; customer % CustomersWithoutOrders == 0; step = -step)
        {
            customer = Math.Min(customer + step, customers);
        }

        return customer;
    }
}
