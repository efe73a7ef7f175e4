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

    private readonly double parts;

    private RandomStream lineCounts = new(StreamSeeds.OrderLineCount);
    private RandomStream quantities = new(StreamSeeds.LineQuantity);
    private RandomStream discounts = new(StreamSeeds.LineDiscount);
    private RandomStream taxes = new(StreamSeeds.LineTax);
    private RandomStream partKeys = new(StreamSeeds.LinePart);
    private RandomStream shipDates = new(StreamSeeds.LineShipDate);

    public OrderLines(ScaleFactor scaleFactor, long skippedOrders)
    {
        parts = scaleFactor.Scale(PartsPerUnit);
        lineCounts.Skip(skippedOrders);
        quantities.Skip(MaxLines * skippedOrders);
        discounts.Skip(MaxLines * skippedOrders);
        taxes.Skip(MaxLines * skippedOrders);
        partKeys.Skip(MaxLines * skippedOrders);
        shipDates.Skip(MaxLines * skippedOrders);
    }

    /// <summary>The total price, in hundredths, and the status of the next order, which was placed on <paramref name="orderDay"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public (long TotalPrice, byte Status) Next(int orderDay)
    {
        var count = 1 + (int)lineCounts.Draw(MaxLines);
        var shipped = 0;
        var total = 0L;
        for (var line = 0; line < count; line++)
        {
            var quantity = 1 + quantities.Draw(50);
            var discount = discounts.Draw(11);
            var tax = taxes.Draw(9);
            var price = RetailPrice(1 + partKeys.Draw(parts)) * quantity;

            // Cut to whole hundredths after the discount and again after the tax, as dbgen does.
            total += price * (100 - discount) / 100 * (100 + tax) / 100;
            if (orderDay + 1 + shipDates.Draw(121) <= OrderCalendar.Today)
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
        quantities.SkipBy(power);
        discounts.SkipBy(power);
        taxes.SkipBy(power);
        partKeys.SkipBy(power);
        shipDates.SkipBy(power);
    }
}
