using System.Diagnostics;
using System.Globalization;
using Npgsql;
using Orders.Application;

namespace Orders.Infrastructure.Postgres;

/// <summary>Builds data sources, with defaults for what the connection string leaves open.</summary>
internal static class OrdersDataSource
{
    private const string Setting = "ConnectionStrings:Orders";
    private const string IdleLifetime = "Connection Idle Lifetime";
    private const string PruningInterval = "Connection Pruning Interval";

    /// <param name="connectionString">The operator's.</param>
    /// <param name="ownsSearchPath">The search path in it is not the operator's.</param>
    /// <exception cref="StartupException">The connection string can't be read; the message does not repeat it.</exception>
    public static ServerDataSource Create(string connectionString, bool ownsSearchPath = false) =>
        Checked(
            () => ServerDataSource.Create(new NpgsqlConnectionStringBuilder(connectionString), looksForPooler: true, ownsSearchPath),
            Setting);

    /// <summary>The settings that a connection string makes; its defaults are set when a data source is built.</summary>
    /// <param name="connectionString">The operator's.</param>
    /// <param name="setting">Where it stands.</param>
    /// <exception cref="StartupException">The connection string can't be read; the message does not repeat it.</exception>
    public static NpgsqlConnectionStringBuilder Read(string connectionString, string setting = Setting) =>
        Checked(() => new NpgsqlConnectionStringBuilder(connectionString), setting);

    /// <summary>For a data source that needs more than a connection string.</summary>
    public static NpgsqlDataSourceBuilder Builder(NpgsqlConnectionStringBuilder settings)
    {
        // Seconds. An unreachable database has to be answered as such within five, pool and connection together.
        SetDefault(settings, "Timeout", 3);
        SetDefault(settings, "Command Timeout", 10);

        // As many statements as a database of some cores does at once. More only contend, and a PostgreSQL as installed has 97
        // connections for everybody; requests wait for their turn.
        SetDefault(settings, "Maximum Pool Size", 32);

        // Seconds. The driver goes round all connections of its pool, so after a burst of changes a lone reader would go on meeting
        // server processes that have slept for long. It refuses a lifetime below the interval: both are set, or neither.
        if (!settings.ShouldSerialize(IdleLifetime) && !settings.ShouldSerialize(PruningInterval))
        {
            settings[IdleLifetime] = 30;
            settings[PruningInterval] = 5;
        }

        // Every statement of the service fits, so each is planned once per connection; ad hoc ones stay unprepared.
        SetDefault(settings, "Max Auto Prepare", 20);
        SetDefault(settings, "Auto Prepare Min Usages", 2);
        SetDefault(settings, "Application Name", "Orders");

        // Bytes. A hundred orders, in one read of the socket instead of two or three.
        SetDefault(settings, "Read Buffer Size", 32 * 1024);

        // Seconds. A server that packets no longer reach is noticed on connections that wait for it. A Unix socket takes no such option.
        if (settings.Host is { } host && !Path.IsPathRooted(host) && !host.StartsWith('@'))
        {
            SetDefault(settings, "Tcp Keepalive", true);
            SetDefault(settings, "Tcp Keepalive Time", 10);
        }

        // No statement here leaves anything behind in its session, so there is nothing to reset between two users of it.
        SetDefault(settings, "No Reset On Close", true);
        return settings.MaxPoolSize > 0
            ? new NpgsqlDataSourceBuilder(settings.ConnectionString) { Name = NameOf(settings) }.ConfigureTracing(OnlyOfRequests)
            : throw new StartupException("Maximum Pool Size in ConnectionStrings:Orders is 0: set it to 1 or more.");
    }

    /// <summary>How instruments and spans call the pool: by default the driver shows the connection string.</summary>
    public static string NameOf(NpgsqlConnectionStringBuilder settings) =>
        string.Create(CultureInfo.InvariantCulture, $"{settings.Host}:{settings.Port}");

    public static void SetDefault(NpgsqlConnectionStringBuilder settings, string keyword, object value)
    {
        if (!settings.ShouldSerialize(keyword))
        {
            settings[keyword] = value;
        }
    }

    /// <summary>What the service asks by itself, as each second where it looks at several hosts, is no trace of its own.</summary>
    private static void OnlyOfRequests(NpgsqlTracingOptionsBuilder tracing) => tracing
        .ConfigureCommandFilter(static _ => Activity.Current is not null)
        .ConfigureBatchFilter(static _ => Activity.Current is not null);

    private static T Checked<T>(Func<T> make, string setting)
    {
        try
        {
            return make();
        }
        catch (Exception exception) when (
            exception is ArgumentException or FormatException or InvalidOperationException or NotSupportedException)
        {
            // Without the driver's message: it may quote a part of the string.
            throw new StartupException(
                $"{setting} is not a connection string that Npgsql can read. Set it like "
                    + "\"Host=localhost;Username=orders;Password=…;Database=orders\".");
        }
    }
}
