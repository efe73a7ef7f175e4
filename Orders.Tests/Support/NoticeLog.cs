using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Orders.Tests.Support;

/// <summary>A logger that keeps the texts of the driver's log, which include the server's notices.</summary>
internal sealed class NoticeLog : ILoggerFactory, ILogger
{
    public ConcurrentQueue<string> Texts { get; } = new();

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        Texts.Enqueue(formatter(state, exception));

    public void Dispose()
    {
    }
}
