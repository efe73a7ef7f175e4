using System.Buffers.Binary;
using System.Net;

namespace Orders.Api.Limits;

/// <summary>
/// Where a client is: its IPv4 address, also where that is written as an IPv6 one, or the first 64 bits of its IPv6 address, as a
/// customer is given all addresses behind them. Clients on a Unix socket have one network.
/// </summary>
internal readonly record struct ClientNetwork(ulong Prefix, bool IsIPv6)
{
    private const int IPv4Length = 4;
    private const int IPv6Length = 16;

    public static ClientNetwork Of(HttpContext context) => Of(context.Connection.RemoteIpAddress);

    public static ClientNetwork Of(IPAddress? address)
    {
        Span<byte> bytes = stackalloc byte[IPv6Length];
        return address is null || !address.TryWriteBytes(bytes, out int length) ? default
            : length == IPv4Length || address.IsIPv4MappedToIPv6
                ? new ClientNetwork(BinaryPrimitives.ReadUInt32BigEndian(bytes[(length - IPv4Length)..length]), IsIPv6: false)
                : new ClientNetwork(BinaryPrimitives.ReadUInt64BigEndian(bytes), IsIPv6: true);
    }
}
