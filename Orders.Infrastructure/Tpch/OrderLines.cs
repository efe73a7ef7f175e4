using System.Runtime.CompilerServices;
using Orders.Application.Seeding;

namespace Orders.Infrastructure.Tpch;

/// <summary>
/// Computes an order's total price and status from its line items (TPC-H clause 4.2.3, O_TOTALPRICE, O_ORDERSTATUS and table LINEITEM). The
/// line items themselves are not kept.
/// </summary>
internal sealed class OrderLines
{
    private const int MaxLines = 7;
    private const int PartsPerUnit = 200_000;

    // The streams of line items advance by seven draws for each order, however many lines it has.
    private static readonly uint[] PowerOfUnusedDraws = [.. Enumerable.Range(0, MaxLines).Select(unused => ParkMiller.Power(unused))];

    private readonly double _parts;

    private RandomStream _lineCounts = new(StreamSeeds.OrderLineCount);
    private RandomStream _quantities = new(StreamSeeds.LineQuantity);
    private RandomStream _discounts = new(StreamSeeds.LineDiscount);
    private RandomStream _taxes = new(StreamSeeds.LineTax);
    private RandomStream _partKeys = new(StreamSeeds.LinePart);
    private RandomStream _shipDates = new(StreamSeeds.LineShipDate);

    public OrderLines(ScaleFactor scaleFactor, long skippedOrders)
    {
        _parts = scaleFactor.Scale(PartsPerUnit);
        _lineCounts.Skip(skippedOrders);
        _quantities.Skip(MaxLines * skippedOrders);
        _discounts.Skip(MaxLines * skippedOrders);
        _taxes.Skip(MaxLines * skippedOrders);
        _partKeys.Skip(MaxLines * skippedOrders);
        _shipDates.Skip(MaxLines * skippedOrders);
    }

    /// <summary>The total price in hundredths, and the status, of the next order.</summary>
    /// <param name="orderDay">The day of the order, in days since 1992-01-01.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public (long TotalPrice, byte Status) Next(int orderDay)
    {
        int count = 1 + (int)_lineCounts.Draw(MaxLines);
        int shipped = 0;
        long total = 0L;
        for (int line = 0; line < count; line++)
        {
            long quantity = 1 + _quantities.Draw(50);
            long discount = _discounts.Draw(11);
            long tax = _taxes.Draw(9);
            long price = RetailPrice(1 + _partKeys.Draw(_parts)) * quantity;

            // Truncated to whole hundredths after the discount and again after the tax, as dbgen does.
            total += price * (100 - discount) / 100 * (100 + tax) / 100;
            if (orderDay + 1 + _shipDates.Draw(121) <= OrderCalendar.Today)
            {
                shipped++;
            }
        }

        SkipUnused(PowerOfUnusedDraws[MaxLines - count]);
        return (total, shipped == count ? (byte)'F' : shipped == 0 ? (byte)'O' : (byte)'P');
    }

    /// <summary>The price of a part in hundredths (TPC-H clause 4.2.3, P_RETAILPRICE).</summary>
    internal static long RetailPrice(long partKey) => 90_000 + (partKey / 10 % 20_001) + (100 * (partKey % 1000));

    private void SkipUnused(uint power)
    {
        _quantities.SkipBy(power);
        _discounts.SkipBy(power);
        _taxes.SkipBy(power);
        _partKeys.SkipBy(power);
        _shipDates.SkipBy(power);
    }
}
