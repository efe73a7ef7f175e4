using Orders.Api.Configuration;
using Orders.Application;

namespace Orders.Api.Management;

/// <summary>Where metrics and health are served for the operator.</summary>
internal sealed record ManagementUrls(string[] Value)
{
    public const string Setting = $"{OrdersOptions.Section}:{nameof(OrdersOptions.ManagementUrls)}";

    /// <exception cref="StartupException">An address can't be; the message says what to set.</exception>
    public static ManagementUrls From(OrdersOptions options)
    {
        string[] urls = options.ManagementUrls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return urls.Length > 0 && Array.TrueForAll(urls, IsAddress)
            ? new ManagementUrls(urls)
            : throw new StartupException(
                $"{Setting} is '{options.ManagementUrls}'. Set it to addresses such as {new OrdersOptions().ManagementUrls}, with a "
                    + "semicolon between two: http, a host and a port, without a path.");
    }

    private static bool IsAddress(string text) =>
        text.StartsWith("http:", StringComparison.OrdinalIgnoreCase) && ServerUrls.IsAddress(text);
}
