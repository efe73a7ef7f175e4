using System.Data.Common;
using System.Globalization;
using System.Reflection;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Orders.Application;

namespace Orders.Api.Configuration;

/// <summary>
/// The settings under <c>Kestrel:Limits</c>, by the framework's names (<see cref="KestrelServerLimits"/>). Kestrel itself reads its
/// endpoints from the settings, but no limits.
/// </summary>
internal sealed class KestrelLimits
{
    public const string Section = "Kestrel:Limits";

    /// <summary>The contract's limit, which is no setting.</summary>
    public const int MaxRequestBodyBytes = 16 * 1024;

    /// <summary>The most connections by default. An idle one takes some 10 KB.</summary>
    private const int MostConnections = 10_000;

    /// <summary>
    /// Descriptors of all but clients and the database. The runtime keeps two open for each assembly: 290 after the start, 340 when all of
    /// the service has been used, 380 with all telemetry.
    /// </summary>
    private const int Reserve = 400;

    /// <summary>In bytes. A thousand keys of 19 digits, each with the name of its parameter, take 31 KB.</summary>
    private const int MaxRequestLineSize = 32 * 1024;

    private const int FewestConnections = 16;
    private const int DefaultPoolSize = 32;

    private static readonly TimeSpan RequestHeadersTimeout = TimeSpan.FromSeconds(10);
    private static readonly string[] PoolSizeNames = ["Maximum Pool Size", "Max Pool Size", "MaxPoolSize", "MaximumPoolSize"];

    private readonly IConfigurationSection _settings;

    private KestrelLimits(IConfiguration configuration, int? descriptors)
    {
        _settings = configuration.GetSection(Section);
        var limits = new KestrelServerLimits();
        Apply(limits);
        int needed = Reserve + PoolSize(configuration.GetConnectionString("Orders"));
        int? most = descriptors - needed;
        if (most < FewestConnections)
        {
            throw new StartupException(
                $"The process may open {descriptors} files at a time (ulimit -n). The service needs {needed + FewestConnections}, its "
                    + "database connections included: raise that limit.");
        }

        long? set = limits.MaxConcurrentConnections;
        if (set > most)
        {
            throw new StartupException(
                $"{Section}:{nameof(limits.MaxConcurrentConnections)} is '{set}', but the process may open {descriptors} files at a time "
                    + $"(ulimit -n), and needs {needed} of them itself. Set it to at most {most}, or raise that limit.");
        }

        Connections = (int)long.Min(set ?? int.Min(most ?? MostConnections, MostConnections), int.MaxValue);
    }

    /// <summary>How many connections there may be at a time.</summary>
    public int Connections { get; }

    /// <exception cref="StartupException">A setting is unknown or can't be; the message says what to set.</exception>
    public static KestrelLimits From(IConfiguration configuration) => new(configuration, DescriptorLimit.Current);

    /// <param name="configuration">All settings.</param>
    /// <param name="descriptors">How many files the process may open; null for any number.</param>
    /// <exception cref="StartupException">A setting is unknown or can't be; the message says what to set.</exception>
    internal static KestrelLimits From(IConfiguration configuration, int? descriptors) => new(configuration, descriptors);

    public void Apply(KestrelServerOptions kestrel)
    {
        Apply(kestrel.Limits);

        // Kestrel would close what is beyond it. Our listener lets it wait.
        kestrel.Limits.MaxConcurrentConnections = null;
    }

    private void Apply(KestrelServerLimits limits)
    {
        limits.MaxRequestBodySize = MaxRequestBodyBytes;
        limits.RequestHeadersTimeout = RequestHeadersTimeout;
        limits.MaxRequestLineSize = MaxRequestLineSize;
        limits.Http2.MaxRequestHeaderFieldSize = MaxRequestLineSize;
        Apply(_settings, limits);
    }

    private static void Apply(IConfigurationSection section, object limits)
    {
        foreach (IConfigurationSection setting in section.GetChildren())
        {
            PropertyInfo limit = limits.GetType().GetProperty(
                setting.Key, BindingFlags.Public | BindingFlags.Instance | BindingFlags.IgnoreCase)
                ?? throw new StartupException(
                    $"{setting.Path} is not a setting. {section.Path} has {string.Join(", ", NamesOf(limits.GetType()))}.");
            if (limit.Name == nameof(KestrelServerLimits.MaxRequestBodySize))
            {
                throw new StartupException(
                    $"{setting.Path} can't be set: a body of this API has at most {MaxRequestBodyBytes / 1024} KiB. Remove the setting.");
            }

            if (limit.PropertyType == typeof(MinDataRate))
            {
                limit.SetValue(limits, Rate(setting, (MinDataRate?)limit.GetValue(limits)));
            }
            else if (limit.CanWrite)
            {
                Set(limits, limit, setting);
            }
            else
            {
                Apply(setting, limit.GetValue(limits)!);
            }
        }
    }

    private static void Set(object limits, PropertyInfo limit, IConfigurationSection setting)
    {
        Type type = Nullable.GetUnderlyingType(limit.PropertyType) ?? limit.PropertyType;
        try
        {
            object value = type == typeof(TimeSpan)
                ? Duration.Parse(setting.Value ?? "").Value
                : Convert.ChangeType(setting.Value ?? "", type, CultureInfo.InvariantCulture);
            limit.SetValue(limits, value);
        }
        catch (Exception exception) when (exception is FormatException or OverflowException or TargetInvocationException)
        {
            string complaint = exception switch
            {
                TargetInvocationException { InnerException: { } refused } => refused.Message.Split('\n')[0],
                _ when type == typeof(TimeSpan) => exception.Message,
                _ => "Set it to a whole number.",
            };
            throw new StartupException($"{setting.Path} is '{setting.Value}'. {complaint}", exception);
        }
    }

    /// <summary>Blank for no rate at all.</summary>
    private static MinDataRate? Rate(IConfigurationSection setting, MinDataRate? standard)
    {
        if (setting.Value is not null && !setting.GetChildren().Any())
        {
            return setting.Value.Length == 0
                ? null
                : throw new StartupException(
                    $"{setting.Path} is '{setting.Value}'. Set {setting.Path}:{nameof(MinDataRate.BytesPerSecond)} and "
                        + $"{setting.Path}:{nameof(MinDataRate.GracePeriod)}, or {setting.Path} to nothing for no rate.");
        }

        var rate = new RateSettings { BytesPerSecond = standard?.BytesPerSecond ?? 0, GracePeriod = standard?.GracePeriod ?? default };
        Apply(setting, rate);
        try
        {
            return new MinDataRate(rate.BytesPerSecond, rate.GracePeriod);
        }
        catch (ArgumentOutOfRangeException exception)
        {
            throw new StartupException($"{setting.Path} can't be: {exception.Message.Split('\n')[0]}", exception);
        }
    }

    private static IEnumerable<string> NamesOf(Type limits) => limits.GetProperties()
        .Select(limit => limit.Name).Where(name => name != nameof(KestrelServerLimits.MaxRequestBodySize)).Order(StringComparer.Ordinal);

    private static int PoolSize(string? connectionString)
    {
        var options = new DbConnectionStringBuilder();
        try
        {
            options.ConnectionString = connectionString;
        }
        catch (ArgumentException)
        {
            // Refused where the database is set up.
        }

        string? name = PoolSizeNames.FirstOrDefault(options.ContainsKey);
        return name is not null && int.TryParse(options[name].ToString(), CultureInfo.InvariantCulture, out int size)
            ? size
            : DefaultPoolSize;
    }

    /// <summary>A <see cref="MinDataRate"/> that can be set.</summary>
    private sealed class RateSettings
    {
        public double BytesPerSecond { get; set; }

        public TimeSpan GracePeriod { get; set; }
    }
}
