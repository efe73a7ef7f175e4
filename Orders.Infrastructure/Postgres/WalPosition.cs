using System.Buffers.Binary;
using System.Buffers.Text;

namespace Orders.Infrastructure.Postgres;

/// <summary>A place in the write-ahead log of a cluster. Every server that has replayed it shows the changes before it.</summary>
/// <param name="System">The cluster's <c>system_identifier</c>, which a standby shares with its primary and a restored copy does not.</param>
/// <param name="Timeline">Goes up with each promotion. Places on different timelines can't be compared.</param>
/// <param name="Lsn">The log sequence number: a byte's place in the log.</param>
internal sealed record WalPosition(ulong System, uint Timeline, ulong Lsn)
{
    private const int Length = sizeof(ulong) + sizeof(uint) + sizeof(ulong);

    /// <summary>No standby has replayed it, so that the primary answers.</summary>
    public static WalPosition Unreachable { get; } = new(0, 0, ulong.MaxValue);

    public bool IsSameLog(WalPosition other) => System == other.System && Timeline == other.Timeline;

    /// <summary>A server that has replayed as far as this one shows what is before the other.</summary>
    public bool HasReached(WalPosition other) => IsSameLog(other) && Lsn >= other.Lsn;

    /// <summary>The place that shows what is before both. One of another log is not compared.</summary>
    public static WalPosition? Later(WalPosition? one, WalPosition? other) => (one, other) switch
    {
        (null, _) => other,
        (_, null) => one,
        ({ } first, { } second) => first.HasReached(second) ? first : second.HasReached(first) ? second : Unreachable,
    };

    public string ToToken()
    {
        Span<byte> bytes = stackalloc byte[Length];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, System);
        BinaryPrimitives.WriteUInt32BigEndian(bytes[sizeof(ulong)..], Timeline);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[(sizeof(ulong) + sizeof(uint))..], Lsn);
        return Base64Url.EncodeToString(bytes);
    }

    /// <returns><see cref="Unreachable"/> for what is no token.</returns>
    public static WalPosition FromToken(string token)
    {
        // One byte more, so that a longer text does not fit.
        Span<byte> bytes = stackalloc byte[Length + 1];
        return Base64Url.IsValid(token, out int length) && length == Length && Base64Url.TryDecodeFromChars(token, bytes, out _)
            ? new WalPosition(
                BinaryPrimitives.ReadUInt64BigEndian(bytes),
                BinaryPrimitives.ReadUInt32BigEndian(bytes[sizeof(ulong)..]),
                BinaryPrimitives.ReadUInt64BigEndian(bytes[(sizeof(ulong) + sizeof(uint))..]))
            : Unreachable;
    }
}
