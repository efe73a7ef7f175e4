namespace Orders.Api.Service;

/// <summary>How the service stops without a lost request.</summary>
internal static class DrainingExtensions
{
    /// <summary>What the rest of the service may take to stop, after the last request.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(5);

    public static IServiceCollection AddDraining(this IServiceCollection services)
    {
        services.AddSingleton<Draining>();
        services.AddHostedService(provider => provider.GetRequiredService<Draining>());
        services.AddOptions<HostOptions>().Configure<Draining>((host, draining) => host.ShutdownTimeout = draining.Limit(Margin));
        return services;
    }
}
