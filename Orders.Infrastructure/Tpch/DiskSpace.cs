using System.Globalization;
using Orders.Application.Seeding;

namespace Orders.Infrastructure.Tpch;

/// <summary>Refuses what a disk has no room for, before anything is written to it.</summary>
internal static class DiskSpace
{
    private const double Gigabyte = 1e9;

    /// <param name="directory">An existing directory on the disk in question.</param>
    /// <param name="bytes">What will be written at most.</param>
    /// <param name="subject">Who needs the room, as the first words of the sentence.</param>
    public static void Require(string directory, long bytes, string subject)
    {
        long free = new DriveInfo(directory).AvailableFreeSpace;
        if (bytes > free)
        {
            throw new SeedException(string.Create(
                CultureInfo.InvariantCulture,
                $"{subject} about {bytes / Gigabyte:N1} GB, but only {free / Gigabyte:N1} GB are free on the disk of {directory}. Choose a smaller scale factor or another disk."));
        }
    }
}
