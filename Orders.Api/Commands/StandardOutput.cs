using Microsoft.Win32.SafeHandles;

namespace Orders.Api.Commands;

/// <summary>Standard output for data.</summary>
internal static class StandardOutput
{
    private const int Descriptor = 1;

    /// <summary>
    /// A pipe is opened by its descriptor: the console's stream says nothing when the reader has gone away, and a large table would go on being
    /// generated for nobody. A file stays with the console's stream, which keeps the descriptor's position right for what is written after it.
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
