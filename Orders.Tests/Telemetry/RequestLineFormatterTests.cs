using System.Diagnostics;
using System.Globalization;
using Orders.Api.Telemetry;
using Serilog.Events;
using Serilog.Formatting;
using Serilog.Formatting.Compact;
using Serilog.Formatting.Display;

namespace Orders.Tests.Telemetry;

/// <summary>The short way writes what the general formatters write.</summary>
internal sealed class RequestLineFormatterTests
{
    private static readonly string[] Routes = ["/api/v1/orders/{order_key}", "/", "/docs/\"quoted\"\\\n", "/ä", ""];
    private static readonly double[] Times = [0, 0.1, 12, 1234.5];

    [Test]
    public void A_line_is_the_same_in_json([ValueSource(nameof(Routes))] string route, [ValueSource(nameof(Times))] double elapsed) =>
        AssertSame(new CompactJsonFormatter(), asJson: true, Line(route, elapsed));

    [Test]
    public void A_line_is_the_same_for_reading([ValueSource(nameof(Routes))] string route, [ValueSource(nameof(Times))] double elapsed) =>
        AssertSame(new MessageTemplateTextFormatter(OrdersLogging.Readable, CultureInfo.InvariantCulture), asJson: false, Line(route, elapsed));

    [Test]
    public void Another_event_is_left_to_the_other_formatter([Values] bool asJson) =>
        AssertSame(new CompactJsonFormatter(), asJson, new LogEvent(DateTimeOffset.Now, LogEventLevel.Warning, null, MessageTemplate.Empty, []));

    private static void AssertSame(ITextFormatter other, bool asJson, LogEvent logEvent)
    {
        using var expected = new StringWriter();
        using var written = new StringWriter();
        other.Format(logEvent, expected);
        new RequestLineFormatter(other, asJson).Format(logEvent, written);
        Assert.That(written.ToString(), Is.EqualTo(expected.ToString()));
    }

    private static LogEvent Line(string route, double elapsed) => new(
        DateTimeOffset.Now,
        LogEventLevel.Information,
        null,
        RequestLog.Template,
        [
            new(RequestLog.Method, new ScalarValue("GET")),
            new(RequestLog.Route, new ScalarValue(route)),
            new(RequestLog.StatusCode, new ScalarValue(200)),
            new(RequestLog.Elapsed, new ScalarValue(elapsed)),
        ],
        ActivityTraceId.CreateRandom(),
        ActivitySpanId.CreateRandom());
}
