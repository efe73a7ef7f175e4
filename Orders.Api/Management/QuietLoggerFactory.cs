using Microsoft.Extensions.Logging.Abstractions;

namespace Orders.Api.Management;

/// <summary>The service's loggers, but for the framework's lines on its start, which are those of the service.</summary>
internal sealed class QuietLoggerFactory(ILoggerFactory inner) : ILoggerFactory
{
    private const string Lifetime = "Microsoft.Hosting.Lifetime";

    public ILogger CreateLogger(string categoryName) =>
        categoryName == Lifetime ? NullLogger.Instance : inner.CreateLogger(categoryName);

    public void AddProvider(ILoggerProvider provider) => inner.AddProvider(provider);

    public void Dispose()
    {
        // The service's own are its to end.
    }
}
