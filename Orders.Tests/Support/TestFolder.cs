namespace Orders.Tests.Support;

/// <summary>A temporary folder for a private server. Disposing deletes it.</summary>
internal sealed class TestFolder : IDisposable
{
    private readonly string _path = Directory.CreateTempSubdirectory("orders-tests-").FullName;

    public TestFolder()
    {
        if (!OperatingSystem.IsWindows())
        {
            // A server that root starts runs as another account, which must be able to reach its data.
            File.SetUnixFileMode(_path, File.GetUnixFileMode(_path) | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        }
    }

    /// <summary>The folder itself.</summary>
    public string Root => _path;

    /// <summary>The data directory, which does not exist yet.</summary>
    public string Data => Path.Combine(_path, "postgres");

    /// <summary>A copy of a server's programs, which does not exist yet.</summary>
    public string Programs => Path.Combine(_path, "programs");

    public void Dispose() => Directory.Delete(_path, recursive: true);
}
