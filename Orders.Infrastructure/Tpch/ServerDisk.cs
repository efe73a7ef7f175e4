using System.Net;
using Npgsql;
using Orders.Application.Seeding;

namespace Orders.Infrastructure.Tpch;

/// <summary>Refuses a load that the server's disk has no room for, where the server runs on this machine and says where its data is.</summary>
internal static class ServerDisk
{
    // Measured at scale factor 1: see bench/seed.md.
    private const long TableAndIndexBytesPerOrder = 170;
    private const long LogBytesPerOrder = 200;

    // The server removes and reuses its write-ahead log at each checkpoint; what stays is bounded by max_wal_size, 1 GB by default.
    private const long MostLogBytes = 3_000_000_000;

    public static async Task RequireAsync(NpgsqlConnection connection, OrderTable table, ScaleFactor scaleFactor, CancellationToken cancellationToken)
    {
        if (IsLocal(connection.Host) && await table.DataDirectoryAsync(cancellationToken) is { } directory && Directory.Exists(directory))
        {
            DiskSpace.Require(directory, BytesFor(scaleFactor.Orders), $"Scale factor {scaleFactor} takes");
        }
    }

    internal static long BytesFor(long orders) =>
        (orders * TableAndIndexBytesPerOrder) + Math.Min(orders * LogBytesPerOrder, MostLogBytes);

    private static bool IsLocal(string? host) =>
        host is not null && (host.StartsWith('/') || host == "localhost" || (IPAddress.TryParse(host, out IPAddress? address) && IPAddress.IsLoopback(address)));
}
