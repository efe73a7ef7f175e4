namespace Orders.Infrastructure.Tpch;

/// <summary>
/// A file that is written under another name beside it and renamed when it is complete, so that a failure leaves no part of it and does not touch
/// what was there. What can't be renamed over, such as a device or a pipe, is written to directly.
/// </summary>
internal sealed class OutputFile
{
    private readonly string _path;

    private OutputFile(string path, string? directory)
    {
        _path = path;
        Directory = directory;
    }

    /// <summary>The directory that the file is kept in; null when it takes no room on a disk.</summary>
    public string? Directory { get; }

    /// <exception cref="IOException">The directory does not exist, or the path is one.</exception>
    public static OutputFile At(string path)
    {
        string full = Path.GetFullPath(path);
        if (full.StartsWith("/dev/", StringComparison.Ordinal))
        {
            return new OutputFile(full, directory: null);
        }

        if (System.IO.Directory.Exists(full))
        {
            throw new IOException("it is a directory.");
        }

        if (new FileInfo(full).LinkTarget is not null)
        {
            full = File.ResolveLinkTarget(full, returnFinalTarget: true)!.FullName;
        }

        string directory = Path.GetDirectoryName(full)!;
        return System.IO.Directory.Exists(directory)
            ? new OutputFile(full, directory)
            : throw new DirectoryNotFoundException($"the directory {directory} does not exist.");
    }

    /// <summary>Gives <paramref name="write"/> the stream to write to, and returns what it returns.</summary>
    public async Task<long> WriteAsync(Func<Stream, Task<long>> write)
    {
        string unfinished = Directory is null ? _path : $"{_path}.{Environment.ProcessId}.unfinished";
        try
        {
            // Chunks are large: a buffer of the stream's own would only copy them once more.
            long rows;
            await using (var output = new FileStream(unfinished, FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0))
            {
                rows = await write(output);
            }

            if (unfinished != _path)
            {
                File.Move(unfinished, _path, overwrite: true);
            }

            return rows;
        }
        catch
        {
            if (unfinished != _path)
            {
                File.Delete(unfinished);
            }

            throw;
        }
    }
}
