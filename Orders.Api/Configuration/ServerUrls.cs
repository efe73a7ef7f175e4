namespace Orders.Api.Configuration;

/// <summary>Where the service listens.</summary>
internal static class ServerUrls
{
    public const string Default = "http://localhost:8000";

    /// <summary>The default gives way to every setting of the framework: URLS, HTTP_PORTS, Kestrel endpoints.</summary>
    public static IWebHostBuilder UseOrdersUrls(this IWebHostBuilder host, IConfiguration configuration)
    {
        bool isSet = configuration["urls"] is not null || configuration["http_ports"] is not null
            || configuration["https_ports"] is not null
            || configuration.GetSection("Kestrel:Endpoints").Exists();
        return isSet ? host : host.UseUrls(Default);
    }
}
