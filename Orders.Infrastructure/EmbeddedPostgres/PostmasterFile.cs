using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace Orders.Infrastructure.EmbeddedPostgres;

/// <summary>
/// <c>postmaster.pid</c>, the lock file of a data directory. Its first line is the server's process id, its third line the time of the
/// start, in seconds since 1970. It remains after a kill of the server or a restart of the machine.
/// </summary>
internal sealed class PostmasterFile(ServerFolder folder, ServerFiles files)
{
    // Allows for a change of the clock. If this check is wrong, PostgreSQL's own check of its shared memory still protects the data.
    private static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(1);

    /// <summary>What was last read.</summary>
    private Entry? _last;

    private string Location => Path.Combine(folder.Data, "postmaster.pid");

    /// <summary>A server that shuts down cleanly removes the file.</summary>
    public bool Exists => File.Exists(Location);

    /// <summary>The file names a server that is gone. Reads it only when the one that it last named is.</summary>
    public async Task<bool> IsLeftBehindAsync()
    {
        if (!Exists)
        {
            return false;
        }

        using Process? known = FindServer(_last);
        using Process? server = known is null ? await FindServerAsync() : null;
        return (known ?? server) is null && Exists;
    }

    /// <summary>The running server's process, which the caller disposes; null when no server is running.</summary>
    public async Task<Process?> FindServerAsync() => FindServer(_last = await ReadAsync());

    /// <summary>
    /// Removes the file when its process id now belongs to another program. PostgreSQL only checks that a process of that id exists, and
    /// would refuse to start. Process ids are reused after a restart of the machine or the container.
    /// </summary>
    public async Task RemoveStaleAsync()
    {
        Entry? entry = await ReadAsync();
        using Process? process = FindProcess(entry);
        using Process? server = FindServer(entry);
        if (process is not null && server is null)
        {
            await files.DeleteAsync(folder.SocketLock);
            await files.DeleteAsync(Location);
        }
    }

    private static Process? FindServer(Entry? entry)
    {
        Process? process = FindProcess(entry);
        if (process is not null && IsServer(process, entry!.Started))
        {
            return process;
        }

        process?.Dispose();
        return null;
    }

    private static Process? FindProcess(Entry? entry)
    {
        try
        {
            return entry is null ? null : Process.GetProcessById(entry.Process);
        }
        catch (ArgumentException)
        {
            // There is no such process.
            return null;
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

    private async Task<Entry?> ReadAsync()
    {
        try
        {
            // An incomplete file has fewer lines.
            return (await files.ReadAsync(Location))?.Split('\n') is [{ } process, _, { } started, ..]
                ? new Entry(
                    int.Parse(process, CultureInfo.InvariantCulture),
                    DateTime.UnixEpoch.AddSeconds(long.Parse(started, CultureInfo.InvariantCulture)))
                : null;
        }
        catch (Exception exception) when (exception is IOException or FormatException or OverflowException or ArgumentException)
        {
            return null;
        }
    }

    /// <param name="Process">The server's process id.</param>
    /// <param name="Started">When it was started.</param>
    private sealed record Entry(int Process, DateTime Started);
}
