using System.Diagnostics;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.HostFiltering;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Orders.Api.Http;

/// <summary>How connections are accepted, and what becomes of requests that are refused before they are routed.</summary>
internal static class ConnectionServiceCollectionExtensions
{
    /// <summary>The framework's own place for it is before all of the application, and its refusal there a page of HTML.</summary>
    private const string FrameworkHostFilter = "HostFilteringStartupFilter";

    /// <summary>Add <c>UseHostFiltering</c> to the pipeline, for the setting <c>AllowedHosts</c>.</summary>
    /// <param name="services">The service's.</param>
    /// <param name="connections">How many there may be at a time.</param>
    public static IServiceCollection AddConnectionHandling(this IServiceCollection services, int connections)
    {
        services.AddSingleton(provider => ActivatorUtilities.CreateInstance<ConnectionPlaces>(provider, connections));

        // Kestrel asks the factory that was added last.
        services.AddSingleton<IConnectionListenerFactory>(provider => new WaitingListenerFactory(
            ActivatorUtilities.CreateInstance<SocketTransportFactory>(provider), provider.GetRequiredService<ConnectionPlaces>()));
        services.Replace(ServiceDescriptor.Singleton<DiagnosticSource, RefusedRequests>());
        foreach (ServiceDescriptor filter in services.Where(IsFrameworkHostFilter).ToList())
        {
            services.Remove(filter);
        }

        return services.Configure<HostFilteringOptions>(options => options.IncludeFailureMessage = false);
    }

    private static bool IsFrameworkHostFilter(ServiceDescriptor service) =>
        service.ServiceType == typeof(IStartupFilter) && service.ImplementationType?.Name == FrameworkHostFilter;
}
