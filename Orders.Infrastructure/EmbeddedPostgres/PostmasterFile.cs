using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace Orders.Infrastructure.EmbeddedPostgres;

/// <summary>
/// <c>postmaster.pid</c>, the lock file of a data directory. Its first line is the server's process id, its third line the time of the
/// start, in seconds since 1970. It remains after a kill of the server or a restart of the machine.
/// </summary>
internal sealed class PostmasterFile(ServerFolder folder)
{
    // Allows for a change of the clock. If this check is wrong, PostgreSQL's own check of its shared memory still protects the data.
    private static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(1);

    private string Location => Path.Combine(folder.Data, "postmaster.pid");

    /// <summary>A server that shuts down cleanly removes the file.</summary>
    public bool Exists => File.Exists(Location);

    /// <summary>The running server's process, which the caller disposes; null when no server is running.</summary>
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
    /// Removes the file when its process id now belongs to another program. PostgreSQL only checks that a process of that id exists, and
    /// would refuse to start. Process ids are reused after a restart of the machine or the container.
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
            return process.ProcessName is "postgres" or "postmaster"
                && process.StartTime.ToUniversalTime() < recorded + Tolerance
                && !IsZombie(process.Id);
        }
        catch (Exception exception) when (exception is InvalidOperationException or Win32Exception)
        {
            // The process has just ended.
            return false;
        }
    }

    /// <summary>
    /// The process has ended, but its parent has not waited for it. In a container whose process 1 never does, it remains.
    /// </summary>
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
        catch (Exception exception)
            when (exception is IOException or ArgumentException or FormatException or OverflowException or IndexOutOfRangeException)
        {
            // There is no file, it is incomplete, or there is no such process.
            return (null, default);
        }
    }
}
