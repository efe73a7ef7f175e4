using System.Collections.Concurrent;
using System.Diagnostics;
using Serilog.Events;
using Serilog.Parsing;

namespace Orders.Api.Telemetry;

/// <summary>Logs one line for each request: method, route, status, milliseconds, trace id.</summary>
/// <remarks>
/// The route and not the path, so that the lines of one operation can be counted together. Serilog's own middleware takes 1 KB more a
/// request, and an eighth more of its processor time.
/// </remarks>
internal sealed class RequestLoggingMiddleware(RequestDelegate next, Serilog.ILogger logger)
{
    /// <summary>The number of properties of a line; enrichers add more.</summary>
    public const int Properties = 4;

    public const string Method = "RequestMethod";
    public const string Route = "Route";
    public const string StatusCode = "StatusCode";
    public const string Elapsed = "Elapsed";

    public static readonly MessageTemplate Template = new MessageTemplateParser().Parse($"{{{Method}}} {{{Route}}} {{{StatusCode}}} in "
        + $"{{{Elapsed}}} ms");

    /// <summary>One for each route there is.</summary>
    private static readonly ConcurrentDictionary<string, ScalarValue> Routes = new(StringComparer.Ordinal);

    private static readonly ScalarValue Get = new(HttpMethods.Get);
    private static readonly ScalarValue Ok = new(StatusCodes.Status200OK);

    public Task InvokeAsync(HttpContext context) =>
        logger.IsEnabled(LogEventLevel.Information) ? LogAsync(context) : next(context);

    private async Task LogAsync(HttpContext context)
    {
        long start = Stopwatch.GetTimestamp();
        try
        {
            await next(context);
        }
        finally
        {
            Write(context, Stopwatch.GetElapsedTime(start));
        }
    }

    /// <summary>Whatever the status, for information: a failure has a line of its own, with its cause.</summary>
    private void Write(HttpContext context, TimeSpan elapsed)
    {
        var properties = new Dictionary<string, LogEventPropertyValue>(capacity: Properties)
        {
            [Method] = Value(context.Request.Method),
            [Route] = Pattern(context) is { } pattern
                ? Routes.GetOrAdd(pattern, static pattern => new ScalarValue($"/{pattern.TrimStart('/')}"))
                : new ScalarValue(context.Request.Path.Value),
            [StatusCode] = Value(context.Response.StatusCode),
            [Elapsed] = new ScalarValue(Math.Round(elapsed.TotalMilliseconds, 1)),
        };
        Activity? activity = Activity.Current;
        logger.Write(LogEvent.UnstableAssembleFromParts(
            DateTimeOffset.Now, LogEventLevel.Information, null, Template, properties, activity?.TraceId ?? default,
            activity?.SpanId ?? default));
    }

    private static ScalarValue Value(string method) => HttpMethods.IsGet(method) ? Get : new ScalarValue(method);

    private static ScalarValue Value(int status) => status == StatusCodes.Status200OK ? Ok : new ScalarValue(status);

    private static string? Pattern(HttpContext context) => (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText;
}
