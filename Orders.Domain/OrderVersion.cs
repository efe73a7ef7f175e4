using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Orders.Domain;

/// <summary>
/// The version of an order: a hash of its content, so that every server and every table has the same one for the same order.
/// </summary>
/// <remarks>
/// The first 12 bytes of SHA-256 over the columns <c>o_orderkey</c>, <c>o_custkey</c>, the cents of <c>o_totalprice</c> (64 bits each),
/// the days of <c>o_orderdate</c> since 2000-01-01, <c>o_shippriority</c> (32 bits each; all big-endian), and in UTF-8, with a zero byte
/// between them, <c>o_orderstatus</c>, <c>o_orderpriority</c>, <c>o_clerk</c> and <c>o_comment</c>. PostgreSQL computes the same.
/// </remarks>
public readonly record struct OrderVersion
{
    /// <summary>In bytes.</summary>
    public const int Length = 12;

    /// <summary>In characters of its text, which is base64url (RFC 4648, section 5).</summary>
    public const int TextLength = Length / 3 * 4;

    private const int NumbersLength = (3 * sizeof(long)) + (2 * sizeof(int));
    private const int LargestOnStack = 1024;

    /// <summary>PostgreSQL counts days from here.</summary>
    private static readonly int FirstDay = new DateOnly(2000, 1, 1).DayNumber;

    private readonly ulong _start;
    private readonly uint _end;

    private OrderVersion(ReadOnlySpan<byte> bytes) =>
        (_start, _end) = (BinaryPrimitives.ReadUInt64BigEndian(bytes), BinaryPrimitives.ReadUInt32BigEndian(bytes[sizeof(ulong)..]));

    public static OrderVersion Of(Order order)
    {
        ArgumentNullException.ThrowIfNull(order);
        int most = NumbersLength
            + Encoding.UTF8.GetMaxByteCount(order.Status.Length + order.Priority.Length + order.Clerk.Length + order.Comment.Length + 3);
        byte[]? rented = most > LargestOnStack ? ArrayPool<byte>.Shared.Rent(most) : null;
        Span<byte> content = rented ?? stackalloc byte[LargestOnStack];
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(content[..Write(order, content)], hash);
        if (rented is not null)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }

        return new OrderVersion(hash);
    }

    public static bool TryParse(ReadOnlySpan<char> text, out OrderVersion version)
    {
        Span<byte> bytes = stackalloc byte[Length];
        bool isVersion = text.Length == TextLength
            && Base64Url.DecodeFromChars(text, bytes, out int read, out int written) == OperationStatus.Done
            && (read, written) == (TextLength, Length);
        version = isVersion ? new OrderVersion(bytes) : default;
        return isVersion;
    }

    /// <param name="destination">Has room for <see cref="TextLength"/> characters.</param>
    public void Format(Span<char> destination)
    {
        Span<byte> bytes = stackalloc byte[Length];
        Write(bytes);
        Base64Url.EncodeToChars(bytes, destination);
    }

    public byte[] ToBytes()
    {
        byte[] bytes = new byte[Length];
        Write(bytes);
        return bytes;
    }

    public override string ToString() => string.Create(TextLength, this, static (text, version) => version.Format(text));

    private static int Write(Order order, Span<byte> content)
    {
        BinaryPrimitives.WriteInt64BigEndian(content, order.OrderKey);
        BinaryPrimitives.WriteInt64BigEndian(content[8..], order.CustomerKey);
        BinaryPrimitives.WriteInt64BigEndian(content[16..], decimal.ToInt64(decimal.Round(order.TotalPrice, 2) * 100));
        BinaryPrimitives.WriteInt32BigEndian(content[24..], order.OrderDate.DayNumber - FirstDay);
        BinaryPrimitives.WriteInt32BigEndian(content[28..], order.ShipPriority);
        int length = NumbersLength;
        Append(order.Status, content, ref length);
        content[length++] = 0;
        Append(order.Priority, content, ref length);
        content[length++] = 0;
        Append(order.Clerk, content, ref length);
        content[length++] = 0;
        Append(order.Comment, content, ref length);
        return length;
    }

    private static void Append(string text, Span<byte> content, ref int length) =>
        length += Encoding.UTF8.GetBytes(text, content[length..]);

    private void Write(Span<byte> bytes)
    {
        BinaryPrimitives.WriteUInt64BigEndian(bytes, _start);
        BinaryPrimitives.WriteUInt32BigEndian(bytes[sizeof(ulong)..], _end);
    }
}
