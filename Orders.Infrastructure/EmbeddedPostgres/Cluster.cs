using System.Globalization;
using System.Text;
using Orders.Application;

namespace Orders.Infrastructure.EmbeddedPostgres;

/// <summary>The database cluster of a private server: its data directory.</summary>
internal sealed class Cluster(PostgresInstallation installation, ServerAccount account, ServerFolder folder)
{
    /// <summary>The only role. It owns everything, and its database has the same name.</summary>
    public const string Role = "orders";

    /// <summary>
    /// Creates the data directory if it does not exist. It gets its final name when it is complete, so an interruption leaves no partial
    /// one.
    /// </summary>
    /// <exception cref="StartupException">It can't be created, or has another major version than the programs.</exception>
    public async Task InitializeAsync(CancellationToken cancellationToken)
    {
        if (Directory.Exists(folder.Data))
        {
            await CheckVersionAsync(cancellationToken);
            return;
        }

        RemoveUnfinished();

        // A unique name, because the initdb of a killed process may still be writing to another one.
        string unfinished = $"{folder.Data}.unfinished-{Guid.NewGuid():N}";
        try
        {
            await InitializeAsync(unfinished);
        }
        catch
        {
            RemoveUnfinished();
            throw;
        }

        Directory.Move(unfinished, folder.Data);
    }

    /// <summary>Takes no cancellation token: it is quick, and initdb would continue without this process.</summary>
    private async Task InitializeAsync(string directory)
    {
        // Access is controlled by the permissions of the socket's folder. Connections over the network are rejected.
        Tool.Result result = await Tool.RunAsync(
            account.Command(
                installation.Program("initdb"), "--pgdata", directory, "--username", Role, "--encoding", "UTF8", "--no-locale",
                "--auth-local", "trust", "--auth-host", "reject"),
            CancellationToken.None);
        if (result.ExitCode != 0)
        {
            throw new StartupException(
                $"The data directory of the private PostgreSQL server can't be created in {folder.Root}: " +
                $"{Tool.LastLines(result.Output)}. " +
                "Set EmbeddedPostgres:DataDirectory to another folder, or ConnectionStrings__Orders to an existing database.");
        }

        // No TCP. Enough connections for the pools of two services and for psql.
        byte[] settings = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"""

            listen_addresses = ''
            port = {ServerFolder.Port}
            unix_socket_directories = '{folder.Socket}'
            unix_socket_permissions = 0700
            max_connections = 250
            max_wal_size = '2GB'

            """));

        // Flushed to disk before the directory gets its final name, like all that initdb writes.
        await using var configuration = new FileStream(Path.Combine(directory, "postgresql.conf"), FileMode.Append);
        await configuration.WriteAsync(settings, CancellationToken.None);
        configuration.Flush(flushToDisk: true);
    }

    /// <summary>Removes what interrupted initialisations left.</summary>
    private void RemoveUnfinished()
    {
        foreach (string left in Directory.EnumerateDirectories(folder.Root, $"{Path.GetFileName(folder.Data)}.unfinished*"))
        {
            try
            {
                Directory.Delete(left, recursive: true);
            }
            catch (IOException)
            {
                // An initdb is still writing it. The next initialisation removes it.
            }
        }
    }

    private async Task CheckVersionAsync(CancellationToken cancellationToken)
    {
        string file = Path.Combine(folder.Data, "PG_VERSION");
        string? version = File.Exists(file) ? (await File.ReadAllTextAsync(file, cancellationToken)).Trim() : null;
        if (version is null)
        {
            throw new StartupException(
                $"{folder.Data} is not a data directory of PostgreSQL. " +
                "Remove it, or set EmbeddedPostgres:DataDirectory to another folder.");
        }

        if (version != installation.MajorVersion.ToString(CultureInfo.InvariantCulture))
        {
            throw new StartupException(
                $"{folder.Data} holds data of PostgreSQL {version}, but the programs in {installation.BinDirectory} " +
                $"are version {installation.MajorVersion}. Set EmbeddedPostgres:DataDirectory to another folder, " +
                $"or EmbeddedPostgres:BinDirectory to the programs of version {version}.");
        }
    }
}
