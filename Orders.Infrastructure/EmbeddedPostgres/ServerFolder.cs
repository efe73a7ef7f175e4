using System.Security.Cryptography;
using System.Text;
using Orders.Application;

namespace Orders.Infrastructure.EmbeddedPostgres;

/// <summary>The folder of a private server: its data, log, locks and socket.</summary>
/// <param name="Root">The folder, with the locks of the processes that use the server.</param>
/// <param name="IsOfOther">
/// The server runs as another account than those processes. Its data and log are in a folder of its own then, as the processes are root's.
/// </param>
internal sealed record ServerFolder(string Root, bool IsOfOther)
{
    public const int Port = 5432;

    // In bytes. A socket's address holds 104 bytes on macOS and 108 on Linux, of which the socket's name takes 16.
    private const int MaxSocketFolderLength = 85;

    /// <summary>The folder of the server's account.</summary>
    public string Own => IsOfOther ? Path.Combine(Root, "server") : Root;

    public string Data => Path.Combine(Own, "data");

    public string Log => Path.Combine(Own, "server.log");

    /// <summary>The file that is locked exclusively while the server is created, started or stopped.</summary>
    public string Lock => Path.Combine(Root, "lock");

    /// <summary>The file on which every process that uses the server holds a shared lock.</summary>
    public string Users => Path.Combine(Root, "users");

    /// <summary>
    /// The folder of the socket. It is in <see cref="Root"/>, unless that path is too long for a socket's address or has a character with a
    /// special meaning to the server, the driver or <c>psql</c> (a comma separates hosts). Then it is a short path derived from the root.
    /// </summary>
    public string Socket
    {
        get
        {
            string socket = Path.Combine(Root, "socket");
            bool isUsable = Encoding.UTF8.GetByteCount(socket) <= MaxSocketFolderLength
                && socket.All(character => char.IsLetterOrDigit(character) || " /._-+@~".Contains(character));
            return isUsable
                ? socket
                : $"/tmp/orders-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Root)))[..16]}";
        }
    }

    public string SocketLock => Path.Combine(Socket, $".s.PGSQL.{Port}.lock");

    /// <summary>Creates the folders that are missing, and checks those that are there.</summary>
    /// <exception cref="StartupException">One can't be used; the message says which and why.</exception>
    public async Task MakeAsync(ServerAccount account, CancellationToken cancellationToken)
    {
        if (IsOfOther && !OperatingSystem.IsWindows())
        {
            await RootDirectory.MakeOwnAsync(Root, cancellationToken);
        }

        await PrivateDirectory.MakeAsync(Own, account, cancellationToken);
        await PrivateDirectory.MakeAsync(Socket, account, cancellationToken);
    }

    /// <summary>
    /// The folder of the setting, or a default one for each major version, because PostgreSQL can't read data of another major version.
    /// </summary>
    /// <exception cref="StartupException">The setting is empty, and the account has no folder for application data.</exception>
    public static ServerFolder For(EmbeddedPostgresOptions options, ServerAccount account, int majorVersion)
    {
        if (!string.IsNullOrWhiteSpace(options.DataDirectory))
        {
            return new ServerFolder(
                Path.TrimEndingDirectorySeparator(Path.GetFullPath(options.DataDirectory)), account.Other is not null);
        }

        if (account.Other is not null)
        {
            // That account can't enter root's home folder. Former versions had another layout, in a folder postgres-<version>.
            return new ServerFolder($"/var/lib/orders/server-{majorVersion}", IsOfOther: true);
        }

        string home = Environment.GetFolderPath(
            Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);
        return home.Length > 0
            ? new ServerFolder(Path.Combine(home, "orders", $"postgres-{majorVersion}"), IsOfOther: false)
            : throw new StartupException(
                "This account has no folder for application data. " +
                "Set EmbeddedPostgres:DataDirectory to a folder for the private PostgreSQL server, or set HOME.");
    }
}
