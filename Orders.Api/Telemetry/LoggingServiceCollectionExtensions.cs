using System.Globalization;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Serilog;
using Serilog.Events;
using Serilog.Formatting;
using Serilog.Formatting.Compact;
using Serilog.Formatting.Display;

namespace Orders.Api.Telemetry;

/// <summary>Structured logs: readable lines in Development, JSON elsewhere.</summary>
internal static class LoggingServiceCollectionExtensions
{
    public const string Readable = "{Timestamp:HH:mm:ss.fff} {Level:u3} {Message:lj} {TraceId}{NewLine}";

    /// <param name="services">Where the logger is registered.</param>
    /// <param name="configuration">The section Serilog may set levels.</param>
    /// <param name="environment">Development is for reading.</param>
    /// <param name="standardErrorFrom">The level from which lines go to standard error; null for never.</param>
    /// <param name="sentBy">The version that lines are sent to a collector with; null when they are not.</param>
    public static IServiceCollection AddOrdersLogging(
        this IServiceCollection services, IConfiguration configuration, IHostEnvironment environment,
        LogEventLevel? standardErrorFrom = null, string? sentBy = null)
    {
        services.AddSerilog((provider, logger) =>
        {
            logger.MinimumLevel.Information()
                .MinimumLevel.Override("Microsoft", LogEventLevel.Warning)
                .MinimumLevel.Override("Microsoft.Hosting.Lifetime", LogEventLevel.Information)

                // A refusal has a line of its own.
                .MinimumLevel.Override("Orders.Api.Security.ApiKeyHandler", LogEventLevel.Warning)

                // What is wrong with a client's frames, some of it as critical: a flood of them would be one of lines.
                .MinimumLevel.Override("Microsoft.AspNetCore.Server.Kestrel.Http2", LevelAlias.Off)

                // Otherwise each call to the workspace has a line, and a sync is polled for an hour; and each call to a collector.
                .MinimumLevel.Override("Polly", LogEventLevel.Warning)
                .MinimumLevel.Override("System.Net.Http.HttpClient", LogEventLevel.Warning)

                // The program itself prints what keeps the host from starting.
                .MinimumLevel.Override("Microsoft.Extensions.Hosting.Internal.Host", LogEventLevel.Fatal)
                .ReadFrom.Configuration(configuration)
                .ReadFrom.Services(provider);
            ITextFormatter lines = environment.IsDevelopment()
                ? new OneLineFormatter(new MessageTemplateTextFormatter(Readable, CultureInfo.InvariantCulture), withException: true)
                : new OneLineFormatter(new CompactJsonFormatter(), withException: false);
            if (standardErrorFrom is null)
            {
                logger.WriteTo.Sink(new BufferedConsoleSink(new RequestLineFormatter(lines, asJson: !environment.IsDevelopment())));
            }
            else
            {
                logger.WriteTo.Console(lines, standardErrorFromLevel: standardErrorFrom);
            }

            if (sentBy is not null)
            {
                logger.WriteTo.Otlp(configuration, sentBy);
            }
        });
        ServiceDescriptor serilog = services.Last(service => service.ServiceType == typeof(ILoggerFactory));
        return services.Replace(ServiceDescriptor.Singleton<ILoggerFactory>(provider =>
            new FrameworkScopesOffLoggerFactory((ILoggerFactory)serilog.ImplementationFactory!(provider))));
    }
}
