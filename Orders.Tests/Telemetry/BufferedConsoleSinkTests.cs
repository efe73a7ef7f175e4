using System.Text;
using Orders.Api.Telemetry;
using Orders.Tests.Support;
using Serilog.Events;
using Serilog.Formatting;
using Serilog.Formatting.Display;

namespace Orders.Tests.Telemetry;

/// <summary>The log waits for no reader.</summary>
internal sealed class BufferedConsoleSinkTests
{
    private static readonly ITextFormatter Formatter = new MessageTemplateTextFormatter("{Message:lj}{NewLine}");

    [Test]
    public void Every_line_is_written_in_order()
    {
        using var output = new HeldStream(held: false);
        using (var sink = new BufferedConsoleSink(Formatter, output))
        {
            for (int i = 0; i < 10_000; i++)
            {
                sink.Emit(Line($"line {i}"));
            }
        }

        Assert.That(output.Lines, Is.EqualTo(Enumerable.Range(0, 10_000).Select(i => $"line {i}")));
    }

    [Test]
    public async Task A_warning_is_written_without_waiting_for_more()
    {
        using var output = new HeldStream(held: false);
        using var sink = new BufferedConsoleSink(Formatter, output);
        sink.Emit(Line("now", LogEventLevel.Warning));
        await output.Written.WaitAsync(TimeSpan.FromSeconds(5));
        Assert.That(output.Lines, Is.EqualTo(new[] { "now" }));
    }

    [Test]
    public async Task A_reader_that_stops_holds_up_nobody_and_learns_what_it_missed()
    {
        const int lines = 20_000;
        using var output = new HeldStream(held: true);
        var sink = new BufferedConsoleSink(Formatter, output);
        using var counted = new Measured("orders.log.dropped");
        string text = new('a', 1000);
        for (int i = 0; i < lines; i++)
        {
            sink.Emit(Line(text));
        }

        output.Release();
        await output.Written.WaitAsync(TimeSpan.FromSeconds(5));
        sink.Emit(Line("after"));
        sink.Dispose();

        string told = output.Lines.Single(line => line.EndsWith("log lines were dropped, because standard output was not read", StringComparison.Ordinal));
        int dropped = int.Parse(told.Split(' ')[0]);
        Assert.That(dropped, Is.InRange(lines / 4, lines));
        Assert.That(counted.Sum(), Is.EqualTo(dropped));
        Assert.That(output.Lines.Count(line => line == text), Is.EqualTo(lines - dropped));
        Assert.That(output.Lines[^1], Is.EqualTo("after").Or.EqualTo(told));
    }

    [Test]
    public void The_end_does_not_wait_for_a_reader_that_stopped()
    {
        using var output = new HeldStream(held: true);
        var sink = new BufferedConsoleSink(Formatter, output);
        sink.Emit(Line("never read", LogEventLevel.Warning));
        Assert.That(Task.Run(sink.Dispose).Wait(TimeSpan.FromSeconds(10)), Is.True);
        output.Release();
    }

    [Test]
    public void A_reader_that_is_gone_is_no_failure()
    {
        using var sink = new BufferedConsoleSink(Formatter, new BrokenStream());
        sink.Emit(Line("lost", LogEventLevel.Warning));
        Assert.That(() => sink.Emit(Line("lost", LogEventLevel.Warning)), Throws.Nothing);
    }

    private static LogEvent Line(string text, LogEventLevel level = LogEventLevel.Information) =>
        new(DateTimeOffset.Now, level, null, new Serilog.Parsing.MessageTemplateParser().Parse(text), []);

    /// <summary>Takes nothing until it is released.</summary>
    private sealed class HeldStream : MemoryStream
    {
        private readonly ManualResetEventSlim _released;
        private readonly TaskCompletionSource _written = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly StringBuilder _text = new();

        public HeldStream(bool held) => _released = new ManualResetEventSlim(!held);

        public Task Written => _written.Task;

        public string[] Lines
        {
            get
            {
                lock (_text)
                {
                    return _text.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
                }
            }
        }

        public void Release() => _released.Set();

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            _released.Wait();
            lock (_text)
            {
                _text.Append(Encoding.UTF8.GetString(buffer));
            }

            if (buffer.Length > 0)
            {
                _written.TrySetResult();
            }
        }

        protected override void Dispose(bool disposing)
        {
            _released.Set();
            base.Dispose(disposing);
        }
    }

    private sealed class BrokenStream : MemoryStream
    {
        public override void Write(ReadOnlySpan<byte> buffer) => throw new IOException("Broken pipe");
    }
}
