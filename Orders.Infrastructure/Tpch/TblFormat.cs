using System.Globalization;

namespace Orders.Infrastructure.Tpch;

/// <summary>
/// The flat file of <c>dbgen</c> 2.17.3: one order a line, fields separated by <c>|</c>, no separator at the end of the line. (TPC-H clause
/// 4.2.1 leaves the format to the tool.)
/// </summary>
internal static class TblFormat
{
    public static OrderFormat Instance { get; } = new() { Header = [], Encode = Encode, MaxRowLength = 256, Trailer = [] };

    private static int Encode(in OrderRow row, ReadOnlySpan<byte> comment, Span<byte> target)
    {
        int end = Number(row.OrderKey, target, 0);
        target[end++] = (byte)'|';
        end = Number(row.CustomerKey, target, end);
        target[end++] = (byte)'|';
        target[end++] = row.Status;
        target[end++] = (byte)'|';
        (long units, long hundredths) = Math.DivRem(row.TotalPrice, 100);
        end = Number(units, target, end);
        target[end++] = (byte)'.';
        target[end++] = (byte)('0' + (hundredths / 10));
        target[end++] = (byte)('0' + (hundredths % 10));
        target[end++] = (byte)'|';
        end = Text(OrderCalendar.Text(row.OrderDay), target, end);
        target[end++] = (byte)'|';
        end = Text(OrderPriorities.Name(row.Priority), target, end);
        target[end++] = (byte)'|';
        end += ClerkName.Write(row.Clerk, target[end..]);
        end = Text("|0|"u8, target, end);
        end = Text(comment, target, end);
        target[end++] = (byte)'\n';
        return end;
    }

    private static int Text(ReadOnlySpan<byte> text, Span<byte> target, int end)
    {
        text.CopyTo(target[end..]);
        return end + text.Length;
    }

    private static int Number(long number, Span<byte> target, int end)
    {
        number.TryFormat(target[end..], out int written, default, CultureInfo.InvariantCulture);
        return end + written;
    }
}
