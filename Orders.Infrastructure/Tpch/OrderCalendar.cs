using System.Globalization;

namespace Orders.Infrastructure.Tpch;

/// <summary>
/// The dates of the generated data, as days since the first one, <c>STARTDATE</c> 1992-01-01 (TPC-H clause 4.2.2.12).
/// </summary>
internal static class OrderCalendar
{
    /// <summary>
    /// The number of days on which orders are placed. The last one is 151 days, the longest time to the receipt, before <c>ENDDATE</c>
    /// 1998-12-31.
    /// </summary>
    public const int OrderDays = 2557 - 151;

    /// <summary><c>CURRENTDATE</c> 1995-06-17. Line items with a ship date up to this day are shipped.</summary>
    public const int Today = 1263;

    public const int DateLength = 10;

    public static DateOnly FirstDay { get; } = new(1992, 1, 1);

    // Declared after FirstDay because it is computed from it: static initialisers run in the order they are written.
    private static readonly byte[] Texts = WriteTexts();

    /// <summary>The day as <c>YYYY-MM-DD</c>.</summary>
    public static ReadOnlySpan<byte> Text(int day) => Texts.AsSpan(day * DateLength, DateLength);

    private static byte[] WriteTexts()
    {
        byte[] texts = new byte[OrderDays * DateLength];
        for (int day = 0; day < OrderDays; day++)
        {
            FirstDay.AddDays(day).TryFormat(texts.AsSpan(day * DateLength), out _, "yyyy-MM-dd", CultureInfo.InvariantCulture);
        }

        return texts;
    }
}
