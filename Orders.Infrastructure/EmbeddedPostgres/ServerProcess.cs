using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Npgsql;
using Orders.Application;

namespace Orders.Infrastructure.EmbeddedPostgres;

/// <summary>
/// Starts and stops the server of a cluster with <c>pg_ctl</c>, which runs it in a separate session. So Ctrl-C in a terminal reaches only
/// the service, which finishes its requests before it stops the server.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "A data source without a pool holds nothing to dispose of.")]
internal sealed class ServerProcess(PostgresInstallation installation, ServerAccount account, ServerFolder folder)
{
    /// <summary>The database that exists in every cluster.</summary>
    public const string MaintenanceDatabase = "postgres";

    // In seconds. Recovery after a crash replays up to max_wal_size of log.
    private const int StartTimeout = 300;
    private const int StopTimeout = 60;

    private static readonly TimeSpan OldServerTimeout = TimeSpan.FromSeconds(60);

    private readonly ServerFiles _files = new(account);
    private readonly PostmasterFile _postmaster = new(folder, new ServerFiles(account));
    private NpgsqlDataSource? _maintenance;

    /// <summary>
    /// As arguments, not in a file of the data: the data may have been moved, and it is not root's to write to. No TCP. Enough
    /// connections for the pools of two services and for psql.
    /// </summary>
    private string Settings =>
        $"-k '{folder.Socket}' -p {ServerFolder.Port} -c listen_addresses='' -c unix_socket_permissions=0700 -c max_connections=250 "
            + "-c max_wal_size=2GB";

    /// <summary>Without TLS, whatever the user's PG environment variables say: PostgreSQL does not use it on sockets.</summary>
    public NpgsqlConnectionStringBuilder ConnectionTo(string database) =>
        new() { Host = folder.Socket, Port = ServerFolder.Port, Username = Cluster.Role, Database = database, SslMode = SslMode.Disable };

    /// <summary>Connects, because a process id may exist for a moment after a kill, or belong to another program.</summary>
    public async Task<bool> AcceptsConnectionsAsync(CancellationToken cancellationToken)
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

    /// <summary>Opens a connection without the pool, which may hold connections to an earlier server.</summary>
    public async Task<NpgsqlConnection> OpenAsync(CancellationToken cancellationToken)
    {
        if (_maintenance is null)
        {
            NpgsqlConnectionStringBuilder settings = ConnectionTo(MaintenanceDatabase);
            settings.Pooling = false;
            settings.Timeout = 5;

            // Without a name, the driver's instruments would show the connection string.
            _maintenance = new NpgsqlDataSourceBuilder(settings.ConnectionString) { Name = "private server" }.Build();
        }

        return await _maintenance.OpenConnectionAsync(cancellationToken);
    }

    /// <summary>Returns when the server accepts connections, which may be after recovery from a crash.</summary>
    /// <exception cref="StartupException">The server does not start. The message quotes its log.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var waited = Stopwatch.StartNew();
        while (true)
        {
            await _postmaster.RemoveStaleAsync();
            long logLength = File.Exists(folder.Log) ? new FileInfo(folder.Log).Length : 0;
            string[] start = ["start", "--wait", "--timeout", Seconds(StartTimeout), "--log", folder.Log, "--options", Settings];
            Tool.Result started = await RunPgCtlAsync(start);
            if (started.ExitCode == 0 || await AcceptsConnectionsAsync(cancellationToken))
            {
                return;
            }

            string log = await _files.ReadAsync(folder.Log, logLength) ?? "";
            if (!IsHeldByOldServer(log) || waited.Elapsed > OldServerTimeout)
            {
                throw new StartupException(
                    $"The private PostgreSQL server in {folder.Root} does not start: " +
                    $"{Tool.LastLines(log.Length > 0 ? log : started.Output)}. Its log is {folder.Log}. " +
                    "Remove the folder to start from scratch, or set ConnectionStrings__Orders to another database.");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100), cancellationToken);
        }
    }

    /// <summary>
    /// True when the server is not running, but its <c>postmaster.pid</c> is still there. A clean shutdown removes that file.
    /// </summary>
    public Task<bool> HasCrashedAsync() => _postmaster.IsLeftBehindAsync();

    /// <summary>Ends the remaining sessions and stops the server, after it has written everything to disk.</summary>
    /// <returns>False when the server is still running.</returns>
    public async Task<bool> StopAsync()
    {
        // Without this check, pg_ctl would signal any process that has reused the id of a dead server.
        using Process? server = await _postmaster.FindServerAsync();
        if (server is null)
        {
            return true;
        }

        Tool.Result stopped = await RunPgCtlAsync(["stop", "--mode", "fast", "--wait", "--timeout", Seconds(StopTimeout)]);
        return stopped.ExitCode == 0 || server.HasExited;
    }

    /// <summary>
    /// After a kill, the old server's child processes keep its shared memory until they notice, and a server that is starting or stopping
    /// keeps its lock file. Both are temporary. The texts are PostgreSQL's messages in English, because the programs run with
    /// <c>LC_ALL=C</c>.
    /// </summary>
    private static bool IsHeldByOldServer(string log) =>
        log.Contains("pre-existing shared memory block", StringComparison.Ordinal) || (
            log.Contains("lock file", StringComparison.Ordinal) && log.Contains("already exists", StringComparison.Ordinal));

    private static string Seconds(int seconds) => seconds.ToString(CultureInfo.InvariantCulture);

    /// <summary>Takes no cancellation token: a start or stop would continue without pg_ctl.</summary>
    private Task<Tool.Result> RunPgCtlAsync(string[] arguments) => Tool.RunAsync(
        account.Command([installation.Program("pg_ctl"), "--pgdata", folder.Data, "--silent", .. arguments]), CancellationToken.None);
}
