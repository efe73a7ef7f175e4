namespace Orders.Tests.Support;

/// <summary>A folder for a private server, which goes with the test.</summary>
internal sealed class TestFolder : IDisposable
{
    private readonly string _path = Directory.CreateTempSubdirectory("orders-tests-").FullName;

    public TestFolder()
    {
        if (!OperatingSystem.IsWindows())
        {
            // A server that root starts runs as another account, which has to get through to its data.
            File.SetUnixFileMode(_path, File.GetUnixFileMode(_path) | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        }
    }

    /// <summary>Not there yet.</summary>
    public string Data => Path.Combine(_path, "postgres");

    public void Dispose() => Directory.Delete(_path, recursive: true);
}
