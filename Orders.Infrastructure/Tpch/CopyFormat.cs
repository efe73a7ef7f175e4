using System.Buffers.Binary;

namespace Orders.Infrastructure.Tpch;

/// <summary>
/// PostgreSQL's binary COPY format, with the columns in the order of <see cref="BinaryStatement"/>. PostgreSQL's documentation of COPY
/// describes the format. It takes columns of exactly these types; <see cref="TextStatement"/> takes what text converts to.
/// </summary>
internal static class CopyFormat
{
    public const string BinaryStatement = $"{Copy} (format binary)";

    /// <summary>For orders in <see cref="TblFormat"/>.</summary>
    public const string TextStatement = $"{Copy} (format text, delimiter '|')";

    private const string Copy =
        """
        copy orders_synced (
            o_orderkey, o_custkey, o_orderstatus, o_totalprice, o_orderdate, o_orderpriority, o_clerk, o_shippriority, o_comment)
        from stdin
        """;

    private const int Fields = 9;

    // Two digits of base 10,000 before the decimal point hold up to 99,999,999. The highest total price, seven lines of the most expensive
    // part, is below a hundredth of that.
    private const int NumericDigits = 3;
    private const int NumericScale = 2;

    // In days since 2000-01-01, PostgreSQL's epoch.
    private static readonly int FirstDay = OrderCalendar.FirstDay.DayNumber - new DateOnly(2000, 1, 1).DayNumber;

    public static OrderFormat Instance { get; } = new()
    {
        // A signature, no flags, no header extension.
        Header = [.. "PGCOPY\n"u8, 0xff, .. "\r\n\0"u8, 0, 0, 0, 0, 0, 0, 0, 0],
        Encode = Encode,
        MaxRowLength = 256,
        Trailer = [0xff, 0xff],
    };

    private static int Encode(in OrderRow row, ReadOnlySpan<byte> comment, Span<byte> target)
    {
        BinaryPrimitives.WriteInt16BigEndian(target, Fields);
        int end = Int64(row.OrderKey, target, 2);
        end = Int64(row.CustomerKey, target, end);
        end = Text([row.Status], target, end);
        end = Numeric(row.TotalPrice, target, end);
        end = Int32(FirstDay + row.OrderDay, target, end);
        end = Text(OrderPriorities.Name(row.Priority), target, end);
        BinaryPrimitives.WriteInt32BigEndian(target[end..], ClerkName.Length);
        end += sizeof(int);
        end += ClerkName.Write(row.Clerk, target[end..]);
        end = Int32(0, target, end);
        return Text(comment, target, end);
    }

    private static int Int64(long value, Span<byte> target, int end)
    {
        BinaryPrimitives.WriteInt32BigEndian(target[end..], sizeof(long));
        BinaryPrimitives.WriteInt64BigEndian(target[(end + sizeof(int))..], value);
        return end + sizeof(int) + sizeof(long);
    }

    private static int Int32(int value, Span<byte> target, int end)
    {
        BinaryPrimitives.WriteInt32BigEndian(target[end..], sizeof(int));
        BinaryPrimitives.WriteInt32BigEndian(target[(end + sizeof(int))..], value);
        return end + (2 * sizeof(int));
    }

    private static int Text(ReadOnlySpan<byte> text, Span<byte> target, int end)
    {
        BinaryPrimitives.WriteInt32BigEndian(target[end..], text.Length);
        text.CopyTo(target[(end + sizeof(int))..]);
        return end + sizeof(int) + text.Length;
    }

    // The number of base-10,000 digits, the weight of the first one, the sign (0: positive), the number of decimal places, then the digits.
    // PostgreSQL drops leading and trailing zeros itself.
    private static int Numeric(long hundredths, Span<byte> target, int end)
    {
        (long units, long fraction) = Math.DivRem(hundredths, 100);
        (long high, long low) = Math.DivRem(units, 10_000);
        ReadOnlySpan<short> words = [NumericDigits, 1, 0, NumericScale, (short)high, (short)low, (short)(fraction * 100)];
        BinaryPrimitives.WriteInt32BigEndian(target[end..], words.Length * sizeof(short));
        end += sizeof(int);
        foreach (short word in words)
        {
            BinaryPrimitives.WriteInt16BigEndian(target[end..], word);
            end += sizeof(short);
        }

        return end;
    }
}
