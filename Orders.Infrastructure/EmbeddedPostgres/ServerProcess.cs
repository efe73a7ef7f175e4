using System.Diagnostics;
using System.Globalization;
using Npgsql;
using Orders.Application;

namespace Orders.Infrastructure.EmbeddedPostgres;

/// <summary>
/// The server on a cluster, by way of <c>pg_ctl</c>: it gives the server a session of its own, so that Ctrl-C on a terminal reaches
/// the service alone, which drains before it stops the server.
/// </summary>
internal sealed class ServerProcess(PostgresInstallation installation, ServerAccount account, ServerFolder folder)
{
    /// <summary>The database that is always there.</summary>
    public const string MaintenanceDatabase = "postgres";

    // Seconds. A recovery after a crash replays up to max_wal_size.
    private const int StartTimeout = 300;
    private const int StopTimeout = 60;

    private static readonly TimeSpan OldServerTimeout = TimeSpan.FromSeconds(60);

    private readonly PostmasterFile _postmaster = new(folder);

    /// <summary>No TLS, whatever the user's environment asks of clients: a socket has none.</summary>
    public NpgsqlConnectionStringBuilder ConnectionTo(string database) =>
        new() { Host = folder.Socket, Port = ServerFolder.Port, Username = Cluster.Role, Database = database, SslMode = SslMode.Disable };

    /// <summary>Asked by connecting: a process id looks alive for a moment after a kill, and may be somebody else's.</summary>
    public async Task<bool> AnswersAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using NpgsqlConnection connection = await OpenAsync(cancellationToken);
            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }

    /// <summary>Unpooled, so that nothing of an earlier server is met.</summary>
    public async Task<NpgsqlConnection> OpenAsync(CancellationToken cancellationToken)
    {
        NpgsqlConnectionStringBuilder settings = ConnectionTo(MaintenanceDatabase);
        settings.Pooling = false;
        settings.Timeout = 5;
        var connection = new NpgsqlConnection(settings.ConnectionString);
        try
        {
            await connection.OpenAsync(cancellationToken);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>Returns when it takes connections, after it has recovered from a crash if need be.</summary>
    /// <exception cref="StartupException">It does not start; the message has the server's own words.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var waited = Stopwatch.StartNew();
        while (true)
        {
            _postmaster.RemoveStale();
            long logged = File.Exists(folder.Log) ? new FileInfo(folder.Log).Length : 0;

            // The socket's folder by argument: the data may have been moved since its configuration was written.
            string[] start = ["start", "--wait", "--timeout", Seconds(StartTimeout), "--log", folder.Log, "--options", $"-k '{folder.Socket}'"];
            Tool.Result started = await ControlAsync(start);
            if (started.ExitCode == 0 || await AnswersAsync(cancellationToken))
            {
                return;
            }

            string said = await LogSinceAsync(logged, cancellationToken);
            if (!IsHeldByOldServer(said) || waited.Elapsed > OldServerTimeout)
            {
                throw new StartupException(
                    $"The private PostgreSQL server in {folder.Root} does not start: {Tool.LastLines(said.Length > 0 ? said : started.Output)}. Its log is {folder.Log}. Remove the folder to begin anew, or set ConnectionStrings__Orders to another database.");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100), cancellationToken);
        }
    }

    /// <summary>Whether it was killed: one that ends in order leaves nothing behind.</summary>
    public bool HasCrashed()
    {
        using Process? server = _postmaster.FindServer();
        return server is null && _postmaster.Exists;
    }

    /// <summary>Ends the sessions that are left, and then the server, with everything on disk. False when it still runs afterwards.</summary>
    public async Task<bool> StopAsync()
    {
        // Without this question, pg_ctl would signal whatever process has a dead server's id by now.
        using Process? server = _postmaster.FindServer();
        if (server is null)
        {
            return true;
        }

        Tool.Result stopped = await ControlAsync(["stop", "--mode", "fast", "--wait", "--timeout", Seconds(StopTimeout)]);
        return stopped.ExitCode == 0 || server.HasExited;
    }

    /// <summary>
    /// After a kill, the old server's children hold its memory until they notice, and one that is starting or ending keeps its file.
    /// Both pass. The words are PostgreSQL's, untranslated because the programs are run with <c>LC_ALL=C</c>.
    /// </summary>
    private static bool IsHeldByOldServer(string said) =>
        said.Contains("pre-existing shared memory block", StringComparison.Ordinal) || (
            said.Contains("lock file", StringComparison.Ordinal) && said.Contains("already exists", StringComparison.Ordinal));

    private static string Seconds(int seconds) => seconds.ToString(CultureInfo.InvariantCulture);

    private async Task<string> LogSinceAsync(long position, CancellationToken cancellationToken)
    {
        if (!File.Exists(folder.Log))
        {
            return "";
        }

        await using var log = new FileStream(folder.Log, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        log.Position = position;
        using var reader = new StreamReader(log);
        return await reader.ReadToEndAsync(cancellationToken);
    }

    /// <summary>Not ended half-way: what it has begun goes on without it.</summary>
    private Task<Tool.Result> ControlAsync(string[] arguments) => Tool.RunAsync(
        account.Command([installation.Program("pg_ctl"), "--pgdata", folder.Data, "--silent", .. arguments]), CancellationToken.None);
}
