namespace Orders.Infrastructure.Tpch;

/// <summary>
/// A file that is written under a temporary name in the same directory and renamed when it is complete, so a failure leaves no partial
/// file and does not change an existing one. Devices and pipes can't be replaced by a rename; they are written to directly.
/// </summary>
internal sealed class OutputFile
{
    private readonly string _path;

    private OutputFile(string path, string? directory)
    {
        _path = path;
        Directory = directory;
    }

    /// <summary>The directory of the file; null for a device or pipe, which takes no space on a disk.</summary>
    public string? Directory { get; }

    /// <exception cref="IOException">The directory does not exist, or the path is a directory.</exception>
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

    /// <summary>Runs <paramref name="write"/> on the stream of the file.</summary>
    /// <returns>The result of <paramref name="write"/>.</returns>
    public async Task<long> WriteAsync(Func<Stream, Task<long>> write)
    {
        string unfinished = Directory is null ? _path : $"{_path}.{Environment.ProcessId}.unfinished";
        try
        {
            // The chunks are large: a buffer in the stream would only copy them again.
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
