using System.Net;
using Npgsql;
using Orders.Application.Seeding;

namespace Orders.Infrastructure.Tpch;

/// <summary>
/// Checks that the server's disk has enough free space for a load. It can check only a server on this machine whose data directory the
/// role may read.
/// </summary>
internal static class ServerDisk
{
    // Measured at scale factor 1: see bench/seed.md.
    private const long TableAndIndexBytesPerOrder = 170;
    private const long LogBytesPerOrder = 200;

    // The server removes or reuses the write-ahead log at each checkpoint. What remains is bounded by max_wal_size, 1 GB by default.
    private const long MaxLogBytes = 3_000_000_000;

    /// <exception cref="SeedException">The disk is too small.</exception>
    public static async Task RequireAsync(
        NpgsqlConnection connection, OrderTable table, ScaleFactor scaleFactor, CancellationToken cancellationToken)
    {
        if (IsLocal(connection.Host) && await table.DataDirectoryAsync(cancellationToken) is { } directory && Directory.Exists(directory))
        {
            DiskSpace.Require(directory, BytesFor(scaleFactor.Orders), $"Scale factor {scaleFactor} takes");
        }
    }

    internal static long BytesFor(long orders) =>
        (orders * TableAndIndexBytesPerOrder) + Math.Min(orders * LogBytesPerOrder, MaxLogBytes);

    private static bool IsLocal(string? host) => host is not null && (
        host.StartsWith('/') || host == "localhost" || (IPAddress.TryParse(host, out IPAddress? address) && IPAddress.IsLoopback(address)));
}
