using System.Globalization;
using System.Text;
using Orders.Application;

namespace Orders.Infrastructure.EmbeddedPostgres;

/// <summary>The data directory of a private server.</summary>
internal sealed class Cluster(PostgresInstallation installation, ServerAccount account, ServerFolder folder)
{
    /// <summary>The one role, which owns everything.</summary>
    public const string Role = "orders";

    /// <summary>Makes it where there is none. It gets its name when it is whole: what is interrupted leaves nothing half done.</summary>
    /// <exception cref="StartupException">It can't be made, or is of another version than the programs.</exception>
    public async Task InitializeAsync(CancellationToken cancellationToken)
    {
        if (Directory.Exists(folder.Data))
        {
            await CheckVersionAsync(cancellationToken);
            return;
        }

        RemoveUnfinished();

        // A name of its own: the initdb of a process that was killed may still be writing.
        string made = $"{folder.Data}.unfinished-{Guid.NewGuid():N}";
        try
        {
            await InitializeAsync(made);
        }
        catch
        {
            RemoveUnfinished();
            throw;
        }

        Directory.Move(made, folder.Data);
    }

    /// <summary>Not ended half-way: it is quick, and initdb would go on without it.</summary>
    private async Task InitializeAsync(string directory)
    {
        // Whoever may enter the socket's folder is trusted, and nobody comes in from elsewhere.
        Tool.Result result = await Tool.RunAsync(
            account.Command(
                installation.Program("initdb"), "--pgdata", directory, "--username", Role, "--encoding", "UTF8", "--no-locale",
                "--auth-local", "trust", "--auth-host", "reject"),
            CancellationToken.None);
        if (result.ExitCode != 0)
        {
            throw new StartupException(
                $"The private PostgreSQL server's data can't be set up in {folder.Root}: {Tool.LastLines(result.Output)}. Set EmbeddedPostgres:DataDirectory to another folder, or ConnectionStrings__Orders to a database that there is.");
        }

        // No network at all. Room for the pools of two services and for psql.
        byte[] settings = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"""

            listen_addresses = ''
            port = {ServerFolder.Port}
            unix_socket_directories = '{folder.Socket}'
            unix_socket_permissions = 0700
            max_connections = 250
            max_wal_size = '2GB'

            """));

        // On disk before the directory gets its name, as all that initdb writes.
        await using var configuration = new FileStream(Path.Combine(directory, "postgresql.conf"), FileMode.Append);
        await configuration.WriteAsync(settings, CancellationToken.None);
        configuration.Flush(flushToDisk: true);
    }

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
                // Still being written; the next one that makes a cluster here removes it.
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
                $"{folder.Data} is not a data directory of PostgreSQL. Remove it, or set EmbeddedPostgres:DataDirectory to another folder.");
        }

        if (version != installation.MajorVersion.ToString(CultureInfo.InvariantCulture))
        {
            throw new StartupException(
                $"{folder.Data} holds data of PostgreSQL {version}, and the programs in {installation.BinDirectory} are of version {installation.MajorVersion}. Set EmbeddedPostgres:DataDirectory to another folder, or EmbeddedPostgres:BinDirectory to the programs of version {version}.");
        }
    }
}
