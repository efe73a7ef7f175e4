using System.Diagnostics;
using System.Globalization;
using Orders.Api.Telemetry;
using Serilog.Events;
using Serilog.Formatting;
using Serilog.Formatting.Compact;
using Serilog.Formatting.Display;

namespace Orders.Tests.Telemetry;

/// <summary>The formatter of request lines writes the same as the general formatters.</summary>
internal sealed class RequestLineFormatterTests
{
    private static readonly string[] Routes = ["/api/v1/orders/{order_key}", "/", "/docs/\"quoted\"\\\n", "/ä", ""];
    private static readonly double[] Times = [0, 0.1, 12, 1234.5];

    [Test]
    public void A_line_is_the_same_in_json([ValueSource(nameof(Routes))] string route, [ValueSource(nameof(Times))] double elapsed) =>
        AssertSame(new CompactJsonFormatter(), asJson: true, Line(route, elapsed));

    [Test]
    public void A_line_is_the_same_for_reading([ValueSource(nameof(Routes))] string route, [ValueSource(nameof(Times))] double elapsed) =>
        AssertSame(new MessageTemplateTextFormatter(LoggingServiceCollectionExtensions.Readable, CultureInfo.InvariantCulture), asJson: false, Line(route, elapsed));

    [Test]
    public void Another_event_is_left_to_the_other_formatter([Values] bool asJson) =>
        AssertSame(new CompactJsonFormatter(), asJson, new LogEvent(DateTimeOffset.Now, LogEventLevel.Warning, null, MessageTemplate.Empty, []));

    [Test]
    public void A_line_with_another_property_is_left_to_the_other_formatter()
    {
        LogEvent line = Line("/", 1);
        line.AddOrUpdateProperty(new LogEventProperty("Application", new ScalarValue("orders")));
        AssertSame(new CompactJsonFormatter(), asJson: true, line);
    }

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
        RequestLoggingMiddleware.Template,
        [
            new(RequestLoggingMiddleware.Method, new ScalarValue("GET")),
            new(RequestLoggingMiddleware.Route, new ScalarValue(route)),
            new(RequestLoggingMiddleware.StatusCode, new ScalarValue(200)),
            new(RequestLoggingMiddleware.Elapsed, new ScalarValue(elapsed)),
        ],
        ActivityTraceId.CreateRandom(),
        ActivitySpanId.CreateRandom());
}
