using System.Globalization;
using Orders.Application.Seeding;

namespace Orders.Infrastructure.Tpch;

/// <summary>Checks that a disk has enough free space, before anything is written to it.</summary>
internal static class DiskSpace
{
    private const double Gigabyte = 1e9;

    /// <param name="directory">An existing directory on the disk.</param>
    /// <param name="bytes">The most that will be written, in bytes.</param>
    /// <param name="subject">The start of the error message, with its verb: <c>Scale factor 100 takes</c>.</param>
    /// <exception cref="SeedException">The disk has less free space.</exception>
    public static void Require(string directory, long bytes, string subject)
    {
        long free = new DriveInfo(directory).AvailableFreeSpace;
        if (bytes > free)
        {
            throw new SeedException(string.Create(
                CultureInfo.InvariantCulture,
                $"{subject} about {bytes / Gigabyte:N1} GB, but only {free / Gigabyte:N1} GB are free on the disk of {directory}. " +
                $"Choose a smaller scale factor or another disk."));
        }
    }
}
