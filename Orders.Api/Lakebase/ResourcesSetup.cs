using Orders.Application.Lakebase;

namespace Orders.Api.Lakebase;

/// <summary>The operations on the resources on Lakebase: not there unless somebody may use them.</summary>
internal static class ResourcesSetup
{
    /// <param name="services">The service's.</param>
    /// <param name="areThere">Whether they are to be there.</param>
    public static IServiceCollection AddResourceOperations(this IServiceCollection services, bool areThere)
    {
        if (!areThere)
        {
            services.AddMvcCore().ConfigureApplicationPartManager(parts => parts.FeatureProviders.Add(new NoResourcesFeatureProvider()));
            return services;
        }

        services.AddSingleton<ResourceOperations>();
        return services;
    }
}
