using Microsoft.Win32.SafeHandles;

namespace Orders.Api.Commands;

/// <summary>Standard output as a stream for data.</summary>
internal static class StandardOutput
{
    private const int Descriptor = 1;

    /// <summary>
    /// Opens a pipe by its file descriptor, because the console's stream ignores a reader that has closed the pipe, and a large table
    /// would still be generated. A file is opened as the console's stream, which keeps the position of the descriptor right for later
    /// output.
    /// </summary>
    public static Stream Open()
    {
        if (OperatingSystem.IsWindows())
        {
            return Console.OpenStandardOutput();
        }

        var stream = new FileStream(new SafeFileHandle(Descriptor, ownsHandle: false), FileAccess.Write, bufferSize: 0);
        return stream.CanSeek ? Console.OpenStandardOutput() : stream;
    }
}
