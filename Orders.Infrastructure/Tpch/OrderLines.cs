using System.Runtime.CompilerServices;
using Orders.Application.Seeding;

namespace Orders.Infrastructure.Tpch;

/// <summary>
/// Follows the line items of each order as far as the order depends on them: its price and its status (TPC-H clause 4.2.3, O_TOTALPRICE,
/// O_ORDERSTATUS and table LINEITEM).
/// </summary>
internal sealed class OrderLines
{
    private const int MaxLines = 7;
    private const int PartsPerUnit = 200_000;

    // Streams of line items move by seven draws for each order, however many lines it has.
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

    /// <summary>The total price, in hundredths, and the status of the next order, which was placed on <paramref name="orderDay"/>.</summary>
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

            // Cut to whole hundredths after the discount and again after the tax, as dbgen does.
            total += price * (100 - discount) / 100 * (100 + tax) / 100;
            if (orderDay + 1 + _shipDates.Draw(121) <= OrderCalendar.Today)
            {
                shipped++;
            }
        }

        SkipUnused(PowerOfUnusedDraws[MaxLines - count]);
        return (total, shipped == count ? (byte)'F' : shipped == 0 ? (byte)'O' : (byte)'P');
    }

    /// <summary>In hundredths (TPC-H clause 4.2.3, P_RETAILPRICE).</summary>
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
