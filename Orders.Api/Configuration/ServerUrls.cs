using System.Globalization;
using Orders.Application;

namespace Orders.Api.Configuration;

/// <summary>Where the service listens.</summary>
internal static class ServerUrls
{
    public const string Default = "http://localhost:8000";

    private const int MaxPort = ushort.MaxValue;

    private static readonly string[] Ports = ["HTTP_PORTS", "HTTPS_PORTS"];

    /// <summary>
    /// The default gives way to every setting of the framework: URLS, HTTP_PORTS, Kestrel endpoints. The framework takes a port that is no
    /// number for a part of the host's name, and listens on port 80, so that is refused here.
    /// </summary>
    /// <exception cref="StartupException">An address or a port can't be; the message says what to set.</exception>
    public static IWebHostBuilder UseOrdersUrls(this IWebHostBuilder host, IConfiguration configuration)
    {
        if (Find(configuration, "URLS") is { } urls)
        {
            CheckAddresses("ASPNETCORE_URLS", urls);
            return host;
        }

        string[] ports = [.. Ports.Where(name => Find(configuration, name) is not null)];
        foreach (string name in ports)
        {
            CheckPorts(name, Find(configuration, name)!);
        }

        IConfigurationSection endpoints = configuration.GetSection("Kestrel:Endpoints");
        foreach (IConfigurationSection url in endpoints.GetChildren().Select(endpoint => endpoint.GetSection("Url")))
        {
            CheckAddresses(url.Path, url.Value ?? "");
        }

        return ports.Length > 0 || endpoints.Exists() ? host : host.UseUrls(Default);
    }

    /// <summary>Whether the service itself speaks TLS, and not a proxy in front of it alone.</summary>
    public static bool HaveHttps(IConfiguration configuration)
    {
        IEnumerable<string?> addresses =
        [
            .. Find(configuration, "URLS")?.Split(';') ?? [],
            .. configuration.GetSection("Kestrel:Endpoints").GetChildren().Select(endpoint => endpoint["Url"]),
        ];
        return Find(configuration, "HTTPS_PORTS") is not null
            || addresses.Any(address => address?.Trim().StartsWith("https:", StringComparison.OrdinalIgnoreCase) == true);
    }

    /// <summary>What to say of a failure to listen.</summary>
    public static StartupException Refusal(IConfiguration configuration, Exception failure)
    {
        // The framework names an address that is taken, but not one that is another machine's.
        string where = failure is IOException ? "" : $"{Find(configuration, "URLS") ?? "The address"}: ";
        return new StartupException(
            $"{where}{failure.Message.TrimEnd('.')}. Set ASPNETCORE_URLS to an address of this machine that is free.", failure);
    }

    /// <returns>Null for an empty value too, as the framework takes it.</returns>
    private static string? Find(IConfiguration configuration, string name) =>
        string.IsNullOrEmpty(configuration[name]) ? null : configuration[name];

    private static void CheckAddresses(string name, string addresses)
    {
        if (!addresses.Split(';', StringSplitOptions.RemoveEmptyEntries).All(IsAddress))
        {
            throw new StartupException(
                $"{name} is '{addresses}'. Set it to addresses such as {Default}, with a semicolon between two: a scheme, a host and "
                    + $"a port from 0 to {MaxPort}, without a path.");
        }
    }

    private static void CheckPorts(string name, string ports)
    {
        if (!ports.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).All(IsPort))
        {
            throw new StartupException(
                $"{name} is '{ports}'. Set it to ports from 0 to {MaxPort}, with a semicolon between two, or set ASPNETCORE_URLS "
                    + $"to an address such as {Default}.");
        }
    }

    private static bool IsPort(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int port) && port <= MaxPort;

    /// <summary>Whether a server can listen there: http or https, a host and a port, or a socket.</summary>
    public static bool IsAddress(string text)
    {
        try
        {
            var address = BindingAddress.Parse(text);
            bool hasHost = !address.Host.Contains(':', StringComparison.Ordinal) || address.Host.EndsWith(']');
            return address.Scheme is "http" or "https" && address.PathBase.Length == 0
                && (address.IsUnixPipe || address.IsNamedPipe || (hasHost && address.Port is >= 0 and <= MaxPort));
        }
        catch (FormatException)
        {
            return false;
        }
    }
}
