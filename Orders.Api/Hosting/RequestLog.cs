using System.Globalization;
using Microsoft.AspNetCore.Diagnostics;
using Serilog;
using Serilog.Events;
using Serilog.Formatting;
using Serilog.Formatting.Compact;
using Serilog.Formatting.Display;

namespace Orders.Api.Hosting;

/// <summary>Structured logs: readable lines in Development, JSON elsewhere, one line for each request.</summary>
internal static class RequestLog
{
    private const string Readable = "{Timestamp:HH:mm:ss.fff} {Level:u3} {Message:lj} {TraceId}{NewLine}{Exception}";

    /// <param name="services">Where the logger is registered.</param>
    /// <param name="configuration">The section Serilog may set levels.</param>
    /// <param name="environment">Development is for reading.</param>
    /// <param name="standardErrorFrom">The level from which lines go to standard error; null for never.</param>
    public static IServiceCollection AddOrdersLogging(
        this IServiceCollection services, IConfiguration configuration, IHostEnvironment environment, LogEventLevel? standardErrorFrom = null) =>
        services.AddSerilog(logger =>
        {
            logger.MinimumLevel.Information()
                .MinimumLevel.Override("Microsoft", LogEventLevel.Warning)
                .MinimumLevel.Override("Microsoft.Hosting.Lifetime", LogEventLevel.Information)

                // The framework's line has a stack trace, for every request; ours is written where the answer is.
                .MinimumLevel.Override("Microsoft.AspNetCore.Http.Timeouts", LogEventLevel.Error)

                // What keeps the host from starting is told once, by the program.
                .MinimumLevel.Override("Microsoft.Extensions.Hosting.Internal.Host", LogEventLevel.Fatal)
                .ReadFrom.Configuration(configuration)
                .Enrich.FromLogContext();
            ITextFormatter lines = environment.IsDevelopment()
                ? new MessageTemplateTextFormatter(Readable, CultureInfo.InvariantCulture)
                : new CompactJsonFormatter();
            if (standardErrorFrom is null)
            {
                logger.WriteTo.Sink(new BufferedConsoleSink(lines));
            }
            else
            {
                logger.WriteTo.Console(lines, standardErrorFromLevel: standardErrorFrom);
            }
        });

    /// <summary>By route and not by path: the lines of one operation can be counted together.</summary>
    public static IApplicationBuilder UseOrdersRequestLog(this IApplicationBuilder app) => app.UseSerilogRequestLogging(options =>
    {
        options.MessageTemplate = "{RequestMethod} {Route} {StatusCode} in {Elapsed:0.0} ms";

        // Whatever the status: a failure has a line of its own, with its cause.
        options.GetLevel = static (_, _, _) => LogEventLevel.Information;
        options.GetMessageTemplateProperties = static (context, path, elapsed, status) =>
        [
            new LogEventProperty("RequestMethod", new ScalarValue(context.Request.Method)),
            new LogEventProperty("Route", new ScalarValue(Route(context) is { } route ? $"/{route.TrimStart('/')}" : path)),
            new LogEventProperty("StatusCode", new ScalarValue(status)),
            new LogEventProperty("Elapsed", new ScalarValue(elapsed)),
        ];
    });

    /// <summary>After an exception the endpoint is found where the exception handler has put it.</summary>
    private static string? Route(HttpContext context) =>
        ((context.GetEndpoint() ?? context.Features.Get<IExceptionHandlerFeature>()?.Endpoint) as RouteEndpoint)?.RoutePattern.RawText;
}
