using System.Globalization;
using System.Text.Json;
using Orders.Api.Telemetry;
using Orders.Tests.Support;
using Serilog.Events;
using Serilog.Formatting.Compact;
using Serilog.Formatting.Display;
using Serilog.Parsing;

namespace Orders.Tests.Telemetry;

/// <summary>What a client puts into a path or a name can't make up lines of the log, or speak to the terminal that shows it.</summary>
internal sealed class ControlCharacterTests
{
    /// <summary>Line breaks, escape, delete, the one-byte CSI, and what turns the direction of writing.</summary>
    private const string Hostile = "a\r\nb\u001b[31mc\u0007\u007f\u009b\u0085\u2028\u2029\u202e\0d";

    [Test]
    public void A_line_for_reading_stays_one_line_of_plain_characters()
    {
        var formatter = new OneLineFormatter(new MessageTemplateTextFormatter(LoggingServiceCollectionExtensions.Readable, CultureInfo.InvariantCulture), withException: true);
        string text = Format(formatter, Event(null));
        Assert.That(text.TrimEnd('\n').Where(IsRaw), Is.Empty);
        Assert.That(text, Does.Contain(@"a\u000d\u000ab\u001b[31mc\u0007\u007f\u009b\u0085\u2028\u2029\u202e\u0000d"));
    }

    [Test]
    public void The_lines_of_an_exception_are_indented()
    {
        var formatter = new OneLineFormatter(new MessageTemplateTextFormatter(LoggingServiceCollectionExtensions.Readable, CultureInfo.InvariantCulture), withException: true);
        string[] lines = Format(formatter, Event(new InvalidOperationException(Hostile))).TrimEnd('\n').Split('\n');
        Assert.That(lines, Has.Length.GreaterThan(1));
        Assert.That(lines[1..], Is.All.StartsWith("   "));
        Assert.That(lines.SelectMany(line => line).Where(IsRaw), Is.Empty);
    }

    [Test]
    public void A_line_of_JSON_has_them_escaped_and_reads_back_as_it_was()
    {
        string text = Format(new OneLineFormatter(new CompactJsonFormatter(), withException: false), Event(new InvalidOperationException(Hostile)));
        Assert.That(text.TrimEnd('\n').Where(IsRaw), Is.Empty);
        JsonElement line = JsonDocument.Parse(text).RootElement;
        Assert.That(line.GetProperty("Path").GetString(), Is.EqualTo(Hostile));
        Assert.That(line.GetProperty("@x").GetString(), Does.Contain(Hostile));
    }

    [TestCase("Development")]
    [TestCase("Production")]
    public async Task A_path_with_such_characters_is_one_line(string environment)
    {
        using ApiProcess process = ApiProcess.Start(environment, "--ConnectionStrings:Orders=Host=127.0.0.1;Port=1", "--urls=http://127.0.0.1:0");
        using var client = new HttpClient { BaseAddress = await process.ListeningAsync() };
        using HttpResponseMessage answer = await client.GetAsync(new Uri("/x%0D%0A12:00:00.000%20INF%20made%20up%1B[31m%C2%9B%E2%80%AEend", UriKind.Relative));
        await process.LineAsync("end");
        string line = process.Output.Split('\n').Single(line => line.Contains("end", StringComparison.Ordinal)).TrimEnd('\r');
        Assert.That(line, Does.Contain("made up"));
        Assert.That(line.Where(IsRaw), Is.Empty);
    }

    private static string Format(OneLineFormatter formatter, LogEvent logEvent)
    {
        using var text = new StringWriter { NewLine = "\n" };
        formatter.Format(logEvent, text);
        return text.ToString();
    }

    private static LogEvent Event(Exception? exception) => new(
        DateTimeOffset.Now, LogEventLevel.Error, exception, new MessageTemplateParser().Parse("{Path} is odd"), [new LogEventProperty("Path", new ScalarValue(Hostile))]);

    private static bool IsRaw(char character) => char.IsControl(character) || character is '\u2028' or '\u2029' or '\u202e';
}
