using Npgsql;
using Orders.Application;

namespace Orders.Infrastructure.EmbeddedPostgres;

/// <summary>A database cluster and the server on it, by way of PostgreSQL's own programs.</summary>
internal sealed class ServerProcess(PostgresInstallation installation, ServerAccount account, ServerFolder folder)
{
    public const string Role = "orders";

    /// <summary>The database that is always there.</summary>
    public const string MaintenanceDatabase = "postgres";

    private const int Port = 5432;

    // Seconds that the server may take to recover after a crash, or to end.
    private const string Patience = "60";

    /// <summary>Unpooled, so that nothing of an earlier server is met.</summary>
    public NpgsqlConnectionStringBuilder ConnectionTo(string database) =>
        new() { Host = folder.Socket, Port = Port, Username = Role, Database = database, Pooling = false, Timeout = 5 };

    // Neither initdb nor pg_ctl is ended half-way: both are quick, and what they have begun goes on without them.

    /// <summary>Makes the cluster where there is none. It gets its name when it is whole: what is interrupted leaves nothing half done.</summary>
    public async Task InitializeAsync(CancellationToken cancellationToken)
    {
        if (Directory.Exists(folder.Data))
        {
            await CheckVersionAsync(cancellationToken);
            return;
        }

        string unfinished = $"{folder.Data}.unfinished";
        if (Directory.Exists(unfinished))
        {
            Directory.Delete(unfinished, recursive: true);
        }

        // Whoever may enter the socket's folder is trusted, and nobody comes in from elsewhere.
        Tool.Result made = await Tool.RunAsync(
            account.Command(
                installation.Program("initdb"), "--pgdata", unfinished, "--username", Role, "--encoding", "UTF8", "--no-locale",
                "--auth-local", "trust", "--auth-host", "reject"),
            CancellationToken.None);
        if (made.ExitCode != 0)
        {
            throw Failed("can't be set up", made.Output);
        }

        // No network at all. Room for the pools of two services and for psql.
        await File.AppendAllTextAsync(
            Path.Combine(unfinished, "postgresql.conf"),
            $"""

            listen_addresses = ''
            port = {Port}
            unix_socket_directories = '{folder.Socket.Replace("'", "''", StringComparison.Ordinal)}'
            unix_socket_permissions = 0700
            max_connections = 250
            max_wal_size = '2GB'

            """,
            cancellationToken);
        Directory.Move(unfinished, folder.Data);
    }

    /// <summary>Starts the server where none answers. True when it was this call that started it.</summary>
    public async Task<bool> StartAsync(CancellationToken cancellationToken)
    {
        // After a kill the old server's children hold its memory until they notice, and its process id looks alive a moment longer.
        for (int attempt = 1; ; attempt++)
        {
            if (await AnswersAsync(cancellationToken))
            {
                return false;
            }

            Tool.Result started = await ControlAsync(["start", "--wait", "--timeout", Patience, "--log", folder.Log], CancellationToken.None);
            if (started.ExitCode == 0)
            {
                return true;
            }

            if (attempt == 10)
            {
                throw Failed("does not start", await LastLinesAsync(started.Output, cancellationToken));
            }

            await Task.Delay(TimeSpan.FromMilliseconds(200), cancellationToken);
        }
    }

    /// <summary>Ends the sessions that are left, and then the server, with everything on disk.</summary>
    public Task StopAsync() => ControlAsync(["stop", "--mode", "fast", "--wait", "--timeout", Patience], CancellationToken.None);

    private async Task<bool> AnswersAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using NpgsqlConnection connection = new(ConnectionTo(MaintenanceDatabase).ConnectionString);
            await connection.OpenAsync(cancellationToken);
            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }

    private Task<Tool.Result> ControlAsync(string[] arguments, CancellationToken cancellationToken) =>
        Tool.RunAsync(account.Command([installation.Program("pg_ctl"), "--pgdata", folder.Data, "--silent", .. arguments]), cancellationToken);

    private async Task CheckVersionAsync(CancellationToken cancellationToken)
    {
        string file = Path.Combine(folder.Data, "PG_VERSION");
        string version = File.Exists(file) ? (await File.ReadAllTextAsync(file, cancellationToken)).Trim() : "no";
        if (version != $"{installation.MajorVersion}")
        {
            throw new StartupException(
                $"{folder.Data} holds data of PostgreSQL {version}, and the installed programs are of {installation.MajorVersion}. Set EmbeddedPostgres:DataDirectory to another folder, or EmbeddedPostgres:BinDirectory to the programs of {version}.");
        }
    }

    private async Task<string> LastLinesAsync(string output, CancellationToken cancellationToken) => File.Exists(folder.Log)
        ? string.Join(" | ", (await File.ReadAllLinesAsync(folder.Log, cancellationToken)).TakeLast(3))
        : output;

    private StartupException Failed(string what, string reason) => new(
        $"The private PostgreSQL server in {folder.Root} {what}: {reason.ReplaceLineEndings(" ").Trim()} Its log is {folder.Log}. Remove the folder to begin anew, or set ConnectionStrings__Orders to another database.");
}
