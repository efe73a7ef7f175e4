using System.Diagnostics.Metrics;
using System.Text;
using Orders.Application;
using Serilog.Core;
using Serilog.Debugging;
using Serilog.Events;
using Serilog.Formatting;
using Serilog.Parsing;

namespace Orders.Api.Telemetry;

/// <summary>
/// Writes log lines to standard output a buffer at a time: at the latest after a fifth of a second, and at once from warnings up. A thread
/// of its own writes, so nobody waits for the reader of the log: what there is no room for is dropped, and counted by a line.
/// </summary>
/// <remarks>
/// Serilog's console sink flushes each line: a third of the throughput of single orders. In Serilog's asynchronous sink it takes 1 KB
/// more a request, and a quarter more of its processor time.
/// </remarks>
internal sealed class BufferedConsoleSink : ILogEventSink, IDisposable
{
    public const string DroppedLines = "DroppedLines";

    /// <summary>From how many bytes on they are written at once.</summary>
    private const int FullBytes = 64 * 1024;

    /// <summary>What is kept for a reader that does not read: some 50,000 lines.</summary>
    private const int MaxBytes = 8 * 1024 * 1024;

    private static readonly TimeSpan FlushInterval = TimeSpan.FromMilliseconds(200);

    /// <summary>How long the end of the process waits for the reader.</summary>
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(2);

    private static readonly MessageTemplate Dropped = new MessageTemplateParser().Parse(
        $"{{{DroppedLines}}} log lines were dropped, because standard output was not read");

    private static readonly Counter<long> DroppedCount = OrdersTelemetry.Meter.CreateCounter<long>(
        "orders.log.dropped", "{line}", "Lines of the log that were dropped, because standard output was not read.");

    private readonly ITextFormatter _formatter;
    private readonly Stream _output;
    private readonly Thread _thread;
    private readonly AutoResetEvent _wake = new(initialState: false);
    private readonly Lock _lock = new();
    private Lines _filling = new();
    private Lines _writing = new();
    private long _dropped;
    private volatile bool _ends;

    public BufferedConsoleSink(ITextFormatter formatter)
        : this(formatter, Console.OpenStandardOutput())
    {
    }

    internal BufferedConsoleSink(ITextFormatter formatter, Stream output)
    {
        (_formatter, _output) = (formatter, output);
        _thread = new Thread(WriteAll) { IsBackground = true, Name = nameof(BufferedConsoleSink) };
        _thread.Start();
    }

    public void Emit(LogEvent logEvent)
    {
        bool write;
        lock (_lock)
        {
            if (_filling.Length >= MaxBytes)
            {
                _dropped++;
                return;
            }

            _formatter.Format(logEvent, _filling.Writer);
            write = logEvent.Level >= LogEventLevel.Warning || _filling.Length >= FullBytes;
        }

        if (write)
        {
            _wake.Set();
        }
    }

    public void Dispose()
    {
        _ends = true;
        _wake.Set();
        if (_thread.Join(Farewell))
        {
            _wake.Dispose();
            _filling.Dispose();
            _writing.Dispose();
        }
    }

    private void WriteAll()
    {
        bool last;
        do
        {
            _wake.WaitOne(FlushInterval);
            last = _ends;
            Write(Swap());
        }
        while (!last);
    }

    /// <summary>Takes what is there; from now on lines go to the other buffer.</summary>
    private Lines Swap()
    {
        lock (_lock)
        {
            if (_dropped > 0)
            {
                var dropped = new LogEventProperty(DroppedLines, new ScalarValue(_dropped));
                _formatter.Format(new LogEvent(DateTimeOffset.Now, LogEventLevel.Warning, null, Dropped, [dropped]), _filling.Writer);
                DroppedCount.Add(_dropped);
                _dropped = 0;
            }

            (_filling, _writing) = (_writing, _filling);
            return _writing;
        }
    }

    private void Write(Lines lines)
    {
        try
        {
            lines.WriteTo(_output);
        }
        catch (IOException exception)
        {
            // The reader of the log is gone, as a closed pipe. The service goes on.
            SelfLog.WriteLine("Standard output: {0}", exception.Message);
        }

        lines.Clear();
    }

    /// <summary>Lines as bytes.</summary>
    private sealed class Lines : IDisposable
    {
        private MemoryStream _bytes;

        public Lines() => Start();

        public StreamWriter Writer { get; private set; }

        /// <summary>In steps of the writer's own buffer.</summary>
        public long Length => _bytes.Length;

        public void WriteTo(Stream output)
        {
            Writer.Flush();
            output.Write(_bytes.GetBuffer().AsSpan(0, (int)_bytes.Length));
            output.Flush();
        }

        public void Clear()
        {
            if (_bytes.Capacity > 2 * FullBytes)
            {
                Start();
            }
            else
            {
                _bytes.SetLength(0);
            }
        }

        public void Dispose() => Writer.Dispose();

        [System.Diagnostics.CodeAnalysis.MemberNotNull(nameof(_bytes), nameof(Writer))]
        private void Start()
        {
            _bytes = new MemoryStream();
            Writer = new StreamWriter(_bytes, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), FullBytes / 4);
        }
    }
}
