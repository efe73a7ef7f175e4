using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging;
using Orders.Api.Telemetry;
using Orders.Tests.Support;
using Serilog.Context;
using Serilog.Core;
using Serilog.Events;

namespace Orders.Tests.Telemetry;

/// <summary>Serilog and scopes work as their users expect, though request lines have a formatter and a sink of our own.</summary>
internal sealed class LoggingTests
{
    [Test]
    public async Task Properties_and_enrichers_of_the_settings_are_on_every_line()
    {
        using ApiProcess process = ApiProcess.Start(
            "Production", "--ConnectionStrings:Orders=Host=127.0.0.1;Port=1", "--urls=http://127.0.0.1:0", "--Serilog:Properties:Application=orders-eu");
        using var client = new HttpClient { BaseAddress = await process.ListeningAsync() };
        await client.GetStringAsync(new Uri("/health/live", UriKind.Relative));
        process.Terminate();
        Assert.That(await process.EndAsync(), Is.Zero);
        JsonElement[] lines = process.JsonLines;
        Assert.That(lines.Count(line => line.TryGetProperty("RequestMethod", out _)), Is.EqualTo(1));
        Assert.That(lines.Select(line => line.GetProperty("Application").GetString()), Is.All.EqualTo("orders-eu"));
    }

    [Test]
    public void Scopes_and_the_log_context_are_on_the_lines_of_the_application()
    {
        var sink = new ListSink();
        using ServiceProvider services = Services(sink);
        ILogger logger = services.GetRequiredService<ILoggerFactory>().CreateLogger("Orders.Sample");
        using (logger.BeginScope(new Dictionary<string, object> { ["Batch"] = 7 }))
        using (LogContext.PushProperty("Tenant", "eu"))
        {
            Log(logger, "inside");
        }

        Log(logger, "outside");
        LogEvent[] events = [.. sink.Events];
        Assert.That(events[0].Properties.Keys, Is.SupersetOf(new[] { "Batch", "Tenant" }));
        Assert.That(events[1].Properties.Keys, Does.Not.Contain("Batch").And.Not.Contain("Tenant"));
    }

    [Test]
    public void The_frameworks_own_scopes_are_off_because_each_request_would_pay_for_them()
    {
        using ServiceProvider services = Services(new ListSink());
        ILoggerFactory loggers = services.GetRequiredService<ILoggerFactory>();
        Assert.That(loggers.CreateLogger("Microsoft.AspNetCore.Hosting.Diagnostics").BeginScope("scope"), Is.Null);
        Assert.That(loggers.CreateLogger("Microsoft.Extensions.Hosting").BeginScope("scope"), Is.Not.Null);
    }

    private static ServiceProvider Services(ILogEventSink sink) => new ServiceCollection()
        .AddSingleton(sink)
        .AddOrdersLogging(
            new ConfigurationBuilder().AddInMemoryCollection([new("Serilog:Enrich:0", "FromLogContext")]).Build(), new HostingEnvironment { EnvironmentName = "Production" }, LogEventLevel.Verbose)
        .BuildServiceProvider();

    private static void Log(ILogger logger, string text) => logger.Log(LogLevel.Information, default, text, null, static (state, _) => state);

    private sealed class ListSink : ILogEventSink
    {
        public ConcurrentQueue<LogEvent> Events { get; } = [];

        public void Emit(LogEvent logEvent) => Events.Enqueue(logEvent);
    }
}
