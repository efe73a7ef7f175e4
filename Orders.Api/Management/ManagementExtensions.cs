using Orders.Application;

namespace Orders.Api.Management;

/// <summary>What is served for the operator alone.</summary>
internal static class ManagementExtensions
{
    /// <summary>Without <c>Orders:Metrics</c> there is no such server.</summary>
    /// <exception cref="StartupException">An address can't be; the message says what to set.</exception>
    public static IServiceCollection AddManagement(this IServiceCollection services, OrdersOptions options) =>
        options.Metrics == MetricsExport.Off
            ? services
            : services.AddSingleton(ManagementUrls.From(options)).AddHostedService<ManagementServer>();
}
