using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace Orders.Infrastructure.EmbeddedPostgres;

/// <summary>
/// <c>postmaster.pid</c>, which names the server on a data directory: its process id in the first line, its start in seconds since
/// 1970 in the third. It outlives a server that was killed, and a machine that was restarted.
/// </summary>
internal sealed class PostmasterFile(ServerFolder folder)
{
    // Room for a clock that was set in between. The server's shared memory is PostgreSQL's own second check.
    private static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(1);

    private string Location => Path.Combine(folder.Data, "postmaster.pid");

    /// <summary>A server that ends in order removes it.</summary>
    public bool Exists => File.Exists(Location);

    /// <summary>The server's process, which the caller disposes; null when it does not run.</summary>
    public Process? FindServer()
    {
        (Process? process, DateTime recorded) = Read();
        if (process is not null && IsServer(process, recorded))
        {
            return process;
        }

        process?.Dispose();
        return null;
    }

    /// <summary>
    /// Removes it when another program has the process id by now: PostgreSQL asks no more than whether a process of that id is
    /// there, and would not start. Ids come back after a restart of the machine or of a container.
    /// </summary>
    public void RemoveStale()
    {
        (Process? process, DateTime recorded) = Read();
        using (process)
        {
            if (process is not null && !IsServer(process, recorded))
            {
                File.Delete(folder.SocketLock);
                File.Delete(Location);
            }
        }
    }

    private static bool IsServer(Process process, DateTime recorded)
    {
        try
        {
            return process.ProcessName is "postgres" or "postmaster" && process.StartTime.ToUniversalTime() < recorded + Tolerance && !IsZombie(process.Id);
        }
        catch (Exception exception) when (exception is InvalidOperationException or Win32Exception)
        {
            // It ended at this moment.
            return false;
        }
    }

    /// <summary>Ended, and nobody asked how: where process 1 of a container does not, that is for ever.</summary>
    private static bool IsZombie(int process)
    {
        string file = $"/proc/{process}/stat";
        return OperatingSystem.IsLinux() && File.Exists(file) && File.ReadAllText(file).Contains(") Z ", StringComparison.Ordinal);
    }

    private (Process? Process, DateTime Recorded) Read()
    {
        try
        {
            string[] lines = File.ReadAllLines(Location);
            DateTime recorded = DateTime.UnixEpoch.AddSeconds(long.Parse(lines[2], CultureInfo.InvariantCulture));
            return (Process.GetProcessById(int.Parse(lines[0], CultureInfo.InvariantCulture)), recorded);
        }
        catch (Exception exception) when (exception is IOException or ArgumentException or FormatException or OverflowException or IndexOutOfRangeException)
        {
            // No file, one that is not written to its end, or no such process.
            return (null, default);
        }
    }
}
