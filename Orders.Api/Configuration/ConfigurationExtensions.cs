using Microsoft.Extensions.Configuration.Json;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Options;
using Orders.Application;

namespace Orders.Api.Configuration;

/// <summary>The program's settings, for the service and its commands alike.</summary>
internal static class ConfigurationExtensions
{
    /// <summary>Adds the defaults that are published with the program, below all other settings, and checks what is set.</summary>
    /// <param name="configuration">All settings.</param>
    /// <param name="environment">Settings of this environment are published too, as <c>dotnet user-jwts</c> writes them.</param>
    /// <param name="sections">The sections of other layers, and the options that they are bound to.</param>
    /// <exception cref="StartupException">A setting is unknown or can't be; the message says what to set.</exception>
    public static void AddDefaultsAndCheck(
        this IConfigurationManager configuration, IHostEnvironment environment, IEnumerable<KeyValuePair<string, Type>> sections)
    {
        foreach (string file in new[] { $"appsettings.{environment.EnvironmentName}.json", "appsettings.json" })
        {
            configuration.Sources.Insert(0, new JsonConfigurationSource
            {
                FileProvider = new PhysicalFileProvider(AppContext.BaseDirectory),
                Path = file,
                Optional = true,
            });
        }

        SettingsCheck.Run(configuration, new Dictionary<string, Type>(sections, StringComparer.OrdinalIgnoreCase)
        {
            [OrdersOptions.Section] = typeof(OrdersOptions),
        });
    }

    public static OptionsBuilder<OrdersOptions> AddOrdersOptions(this IServiceCollection services) =>
        services.AddOptions<OrdersOptions>().BindConfiguration(OrdersOptions.Section).ValidateDataAnnotations().ValidateOnStart();
}
