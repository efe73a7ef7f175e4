using System.Security.Cryptography;
using System.Text;
using Orders.Application;

namespace Orders.Infrastructure.EmbeddedPostgres;

/// <summary>Where a private server keeps what is its own: its data, its log, its locks and its socket.</summary>
internal sealed record ServerFolder(string Root)
{
    public const int Port = 5432;

    // The address of a socket holds 104 bytes on macOS and 108 on Linux, and the socket's name takes 16 of them.
    private const int LongestSocketFolder = 85;

    public string Data => Path.Combine(Root, "data");

    public string Log => Path.Combine(Root, "server.log");

    /// <summary>Held alone while the server is made, started or stopped.</summary>
    public string Lock => Path.Combine(Root, "lock");

    /// <summary>Held together by all who use the server.</summary>
    public string Users => Path.Combine(Root, "users");

    /// <summary>
    /// In the root; or, where its path is too long for a socket's address or has a character that the server, the driver or
    /// <c>psql</c> reads as something else (a comma as a list of hosts), a short one that is made of it.
    /// </summary>
    public string Socket
    {
        get
        {
            string socket = Path.Combine(Root, "socket");
            return Encoding.UTF8.GetByteCount(socket) <= LongestSocketFolder && socket.All(character => char.IsLetterOrDigit(character) || " /._-+@~".Contains(character))
                ? socket
                : $"/tmp/orders-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Root)))[..16]}";
        }
    }

    public string SocketLock => Path.Combine(Socket, $".s.PGSQL.{Port}.lock");

    /// <summary>By the setting, else by version, so that an upgraded PostgreSQL does not meet data it can't read.</summary>
    /// <exception cref="StartupException">There is no setting, and no folder to fall back to.</exception>
    public static ServerFolder For(EmbeddedPostgresOptions options, ServerAccount account, int majorVersion)
    {
        if (!string.IsNullOrWhiteSpace(options.DataDirectory))
        {
            return new ServerFolder(Path.TrimEndingDirectorySeparator(Path.GetFullPath(options.DataDirectory)));
        }

        // Root's own folder is closed to the account that the server runs as.
        string home = account.Other is null
            ? Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify)
            : "/var/lib";
        return home.Length > 0
            ? new ServerFolder(Path.Combine(home, "orders", $"postgres-{majorVersion}"))
            : throw new StartupException("This account has no folder for application data. Set EmbeddedPostgres:DataDirectory to a folder for the private PostgreSQL server, or HOME.");
    }
}
