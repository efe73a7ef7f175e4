using System.Globalization;
using Orders.Application;

namespace Orders.Infrastructure.EmbeddedPostgres;

/// <summary>The database cluster of a private server: its data directory.</summary>
internal sealed class Cluster(PostgresInstallation installation, ServerAccount account, ServerFolder folder)
{
    /// <summary>The only role. It owns everything, and its database has the same name.</summary>
    public const string Role = "orders";

    private readonly ServerFiles _files = new(account);

    /// <summary>
    /// Creates the data directory if it does not exist. It gets its final name when it is complete, so an interruption leaves no partial
    /// one.
    /// </summary>
    /// <exception cref="StartupException">It can't be created, or has another major version than the programs.</exception>
    public async Task InitializeAsync()
    {
        if (Directory.Exists(folder.Data))
        {
            await CheckVersionAsync();
            return;
        }

        await RemoveUnfinishedAsync();

        // A unique name, because the initdb of a killed process may still be writing to another one.
        string unfinished = $"{folder.Data}.unfinished-{Guid.NewGuid():N}";
        try
        {
            await InitializeAsync(unfinished);
        }
        catch
        {
            await RemoveUnfinishedAsync();
            throw;
        }

        await _files.RenameAsync(unfinished, folder.Data);
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
                $"The data directory of the private PostgreSQL server can't be created in {folder.Own}: " +
                $"{Tool.LastLines(result.Output)}. " +
                "Set EmbeddedPostgres:DataDirectory to another folder, or ConnectionStrings__Orders to an existing database.");
        }
    }

    /// <summary>Removes what interrupted initialisations left. One that an initdb is still writing is left to the next one.</summary>
    private async Task RemoveUnfinishedAsync()
    {
        foreach (string left in Directory.EnumerateDirectories(folder.Own, $"{Path.GetFileName(folder.Data)}.unfinished*"))
        {
            await _files.DeleteFolderAsync(left);
        }
    }

    private async Task CheckVersionAsync()
    {
        string file = Path.Combine(folder.Data, "PG_VERSION");
        string? version = (await _files.ReadAsync(file))?.Trim();
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
