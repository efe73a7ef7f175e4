using Orders.Api.Security;
using Orders.Application.Lakebase;

namespace Orders.Api.Lakebase;

/// <summary>The operations on the resources on Lakebase: there for whoever has the key, and not there without one.</summary>
internal static class ResourcesSetup
{
    /// <param name="services">The service's.</param>
    /// <param name="options">Who may use them; null when they are not to be there.</param>
    public static IServiceCollection AddResourceOperations(this IServiceCollection services, ResourcesOptions? options)
    {
        if (options is null)
        {
            services.AddMvcCore().ConfigureApplicationPartManager(parts => parts.FeatureProviders.Add(new NoResourcesFeatureProvider()));
            return services;
        }

        services.AddSingleton(options);
        services.AddSingleton<ResourcesKeyFilter>();
        services.AddSingleton<ResourceOperations>();
        return services;
    }
}
