using Orders.Application;

namespace Orders.Infrastructure.EmbeddedPostgres;

/// <summary>File locks. The operating system releases them when the process ends, also after a kill.</summary>
internal static class FileLock
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(50);

    // EWOULDBLOCK on Linux and on macOS, and a sharing violation on Windows.
    private static readonly int[] HeldByAnother = [11, 35, unchecked((int)0x80070020)];

    // EEXIST, and a file that exists on Windows.
    private static readonly int[] Existing = [17, unchecked((int)0x80070050)];

    /// <summary>Acquires an exclusive lock, waiting up to 60 seconds for it.</summary>
    /// <exception cref="StartupException">Another process still holds the lock.</exception>
    public static async Task<FileStream> AcquireAsync(string path, CancellationToken cancellationToken)
    {
        for (TimeSpan waited = TimeSpan.Zero; waited < Timeout; waited += RetryDelay)
        {
            if (TryAcquire(path) is { } acquired)
            {
                return acquired;
            }

            await Task.Delay(RetryDelay, cancellationToken);
        }

        throw new StartupException(
            $"Another process has been starting or stopping the private PostgreSQL server for a minute: {path} is locked. " +
            "End that process, then try again.");
    }

    /// <summary>Acquires an exclusive lock; null when another process holds a lock, exclusive or shared.</summary>
    public static FileStream? TryAcquire(string path)
    {
        try
        {
            return Open(path, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException exception) when (HeldByAnother.Contains(exception.HResult))
        {
            return null;
        }
    }

    /// <summary>Acquires a shared lock.</summary>
    /// <exception cref="IOException">Another process holds an exclusive lock.</exception>
    public static FileStream AcquireShared(string path) => Open(path, FileAccess.Read, FileShare.Read);

    /// <summary>Creates the file exclusively when it is missing, so never by way of a link, and opens no link.</summary>
    private static FileStream Open(string path, FileAccess access, FileShare share)
    {
        try
        {
            var creation = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.ReadWrite };
            if (!OperatingSystem.IsWindows())
            {
                creation.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            }

            new FileStream(path, creation).Dispose();
        }
        catch (IOException exception) when (Existing.Contains(exception.HResult))
        {
            if (new FileInfo(path).LinkTarget is not null)
            {
                throw new IOException($"{path} is a link.", exception);
            }
        }

        return new FileStream(path, FileMode.Open, access, share);
    }
}
