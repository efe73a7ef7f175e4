using System.Globalization;
using Npgsql;
using Orders.Application;

namespace Orders.Infrastructure.Postgres;

/// <summary>The addresses of the database: one, or a primary and its standbys in any order.</summary>
internal sealed class ServerList : IAsyncDisposable, IDisposable
{
    private const string TargetKeyword = "Target Session Attributes";
    private const string BalanceKeyword = "Load Balance Hosts";

    /// <summary>Seconds between looks at the hosts: the driver's own default of 10 is as long as a failover is noticed late.</summary>
    private const int HostRecheck = 1;

    /// <param name="servers">Addresses of ConnectionStrings:Orders, of which one is the primary's.</param>
    /// <param name="readers">Addresses of ConnectionStrings:OrdersReads.</param>
    public ServerList(IReadOnlyList<ServerDataSource> servers, params IReadOnlyList<ServerDataSource> readers) =>
        (Servers, Readers) = (servers, readers);

    public IReadOnlyList<ServerDataSource> Servers { get; }

    public IReadOnlyList<ServerDataSource> Readers { get; }

    public ReadTarget Reads { get; init; }

    /// <summary>How old what is known of a host may be.</summary>
    public TimeSpan Recheck { get; init; } = TimeSpan.FromSeconds(HostRecheck);

    /// <param name="connectionString">ConnectionStrings:Orders.</param>
    /// <param name="readersString">ConnectionStrings:OrdersReads; null when it is not set.</param>
    /// <param name="reads"><c>Orders:Reads</c>; null when it is not set.</param>
    /// <param name="ownsSearchPath">The search path in the strings is not the operator's.</param>
    /// <exception cref="StartupException">A string can't be read, or the settings contradict each other.</exception>
    public static ServerList Create(string connectionString, string? readersString, ReadTarget? reads, bool ownsSearchPath)
    {
        NpgsqlConnectionStringBuilder settings = OrdersDataSource.Read(connectionString);
        ReadTarget? asked = TakeTarget(settings);
        int recheck = settings.ShouldSerialize("Host Recheck Seconds") ? int.Max(1, settings.HostRecheckSeconds) : HostRecheck;
        bool hasReaders = !string.IsNullOrWhiteSpace(readersString);
        if (hasReaders && reads == ReadTarget.Primary)
        {
            throw new StartupException(
                "ConnectionStrings:OrdersReads is set, and Orders:Reads is Primary: leave out one of them, or set Orders:Reads to "
                    + "PreferStandby or Balanced.");
        }

        return new ServerList(Split(settings, ownsSearchPath), hasReaders ? ReadersIn(readersString!, ownsSearchPath) : [])
        {
            Reads = reads ?? asked ?? (hasReaders ? ReadTarget.PreferStandby : ReadTarget.Primary),
            Recheck = TimeSpan.FromSeconds(recheck),
        };
    }

    public void Dispose()
    {
        foreach (ServerDataSource server in (ServerDataSource[])[.. Servers, .. Readers])
        {
            server.Dispose();
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (ServerDataSource server in (ServerDataSource[])[.. Servers, .. Readers])
        {
            await server.DisposeAsync();
        }
    }

    private static ServerDataSource[] ReadersIn(string connectionString, bool ownsSearchPath)
    {
        NpgsqlConnectionStringBuilder settings = OrdersDataSource.Read(connectionString, "ConnectionStrings:OrdersReads");
        settings.Remove(TargetKeyword);
        settings.Remove(BalanceKeyword);
        return Split(settings, ownsSearchPath);
    }

    /// <summary>Takes out of the settings what says which of the hosts to use: each has its own pool here.</summary>
    private static ReadTarget? TakeTarget(NpgsqlConnectionStringBuilder settings)
    {
        ReadTarget? target = settings.TargetSessionAttributes switch
        {
            "prefer-standby" => ReadTarget.PreferStandby,
            "standby" or "read-only" => throw new StartupException(
                $"{TargetKeyword}={settings.TargetSessionAttributes} in ConnectionStrings:Orders leaves no server that takes changes: "
                    + "leave it out, and set Orders:Reads to PreferStandby."),

            // Changes go to the primary anyway.
            _ => settings.LoadBalanceHosts ? ReadTarget.Balanced : null,
        };
        settings.Remove(TargetKeyword);
        settings.Remove(BalanceKeyword);
        return target;
    }

    private static ServerDataSource[] Split(NpgsqlConnectionStringBuilder settings, bool ownsSearchPath) =>
    [
        .. (settings.Host ?? "").Split(',', StringSplitOptions.TrimEntries)
            .Select(host => OrdersDataSource.Create(HostOf(settings, host), ownsSearchPath)),
    ];

    private static string HostOf(NpgsqlConnectionStringBuilder settings, string host)
    {
        NpgsqlConnectionStringBuilder own = new(settings.ConnectionString) { Host = host };
        int separator = host.LastIndexOf(':');
        bool isName = separator > 0 && !Path.IsPathRooted(host) && (host.IndexOf(':') == separator || host[separator - 1] == ']');
        if (isName && int.TryParse(host.AsSpan(separator + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int port))
        {
            (own.Host, own.Port) = (host[..separator], port);
        }

        return own.ConnectionString;
    }
}
