using Orders.Application;

namespace Orders.Infrastructure.EmbeddedPostgres;

/// <summary>Locks on files, which the system releases when their process ends, however it ends.</summary>
internal static class FileLock
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    // EWOULDBLOCK on Linux and on macOS, and a sharing violation on Windows.
    private static readonly int[] HeldByAnother = [11, 35, unchecked((int)0x80070020)];

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>Alone, waiting for whoever has it.</summary>
    /// <exception cref="StartupException">Another process does not let go of it.</exception>
    public static async Task<FileStream> TakeAsync(string path, CancellationToken cancellationToken)
    {
        for (TimeSpan waited = TimeSpan.Zero; waited < Patience; waited += Pause)
        {
            if (TryTake(path) is { } taken)
            {
                return taken;
            }

            await Task.Delay(Pause, cancellationToken);
        }

        throw new StartupException($"Another process has been starting or stopping the private PostgreSQL server for a minute: {path} is locked. End that process, then try again.");
    }

    /// <summary>Alone, or null when somebody has it, alone or with others.</summary>
    public static FileStream? TryTake(string path)
    {
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException exception) when (HeldByAnother.Contains(exception.HResult))
        {
            return null;
        }
    }

    /// <summary>Together with others; only who holds it alone keeps them out.</summary>
    public static FileStream Share(string path) => new(path, FileMode.OpenOrCreate, FileAccess.Read, FileShare.Read);
}
