using Dapper;
using Microsoft.Extensions.Logging;
using Npgsql;
using Orders.Application;

namespace Orders.Infrastructure.EmbeddedPostgres;

/// <summary>
/// A private PostgreSQL server, run by the installed programs and reached through a socket in a folder that only its account may enter. The
/// first process that needs it starts it, and the last one that used it stops it.
/// </summary>
internal sealed partial class EmbeddedPostgresServer : IAsyncDisposable
{
    private readonly ServerProcess _process;
    private readonly ServerFolder _folder;
    private readonly ServerWatch _watch;
    private readonly ILogger _logger;
    private FileStream? _use;

    private EmbeddedPostgresServer(ServerProcess process, ServerFolder folder, FileStream use, ILogger logger)
    {
        (_process, _folder, _use, _logger) = (process, folder, use, logger);
        _watch = new ServerWatch(process, folder, logger);
    }

    public string ConnectionString => _process.ConnectionTo(Cluster.Role).ConnectionString;

    /// <summary>The shell command that connects psql to the server.</summary>
    public string PsqlCommand => $"psql -h '{_folder.Socket}' -p {ServerFolder.Port} -U {Cluster.Role} {Cluster.Role}";

    /// <exception cref="StartupException">PostgreSQL is not installed, or the server can't start. The message says what to do.</exception>
    public static async Task<EmbeddedPostgresServer> StartAsync(
        EmbeddedPostgresOptions options, ILogger logger, CancellationToken cancellationToken)
    {
        PostgresInstallation installation = await PostgresInstallation.FindAsync(options.BinDirectory, cancellationToken);
        ServerAccount account = await ServerAccount.FindAsync(options.RunAs, cancellationToken);
        var folder = ServerFolder.For(options, account, installation.MajorVersion);
        await folder.MakeAsync(account, cancellationToken);
        try
        {
            await using FileStream _ = await FileLock.AcquireAsync(folder.Lock, cancellationToken);
            await new Cluster(installation, account, folder).InitializeAsync();
            return await StartAsync(new ServerProcess(installation, account, folder), folder, logger, cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or NpgsqlException)
        {
            throw new StartupException(
                $"The private PostgreSQL server in {folder.Root} can't be used: {exception.Message.TrimEnd('.')}. " +
                $"Its log is {folder.Log}. " +
                "Set EmbeddedPostgres:DataDirectory to another folder, or ConnectionStrings__Orders to an existing database.",
                exception);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_use is not { } use)
        {
            return;
        }

        _use = null;
        await _watch.DisposeAsync();

        if (!Directory.Exists(_folder.Data))
        {
            // The data directory was removed: there is no server to stop, and no lock to take.
            await use.DisposeAsync();
            return;
        }

        await using FileStream _ = await FileLock.AcquireAsync(_folder.Lock, CancellationToken.None);
        await ReleaseAsync(use, _process, _folder, _logger);
    }

    /// <summary>The caller holds <see cref="ServerFolder.Lock"/>.</summary>
    private static async Task<EmbeddedPostgresServer> StartAsync(
        ServerProcess process, ServerFolder folder, ILogger logger, CancellationToken cancellationToken)
    {
        FileStream use = FileLock.AcquireShared(folder.Users);
        try
        {
            bool isRunning = await process.AcceptsConnectionsAsync(cancellationToken);
            if (!isRunning)
            {
                await process.StartAsync(cancellationToken);
            }

            await CreateDatabaseAsync(process, cancellationToken);
            var server = new EmbeddedPostgresServer(process, folder, use, logger);
            LogReady(logger, isRunning ? "uses the running" : "started a", server.PsqlCommand);
            return server;
        }
        catch
        {
            await ReleaseAsync(use, process, folder, logger);
            throw;
        }
    }

    /// <summary>Stops the server if no other process uses it. The caller holds <see cref="ServerFolder.Lock"/>.</summary>
    private static async Task ReleaseAsync(FileStream use, ServerProcess process, ServerFolder folder, ILogger logger)
    {
        await use.DisposeAsync();
        await using FileStream? lastUse = FileLock.TryAcquire(folder.Users);
        if (lastUse is not null && !await process.StopAsync())
        {
            LogStillRuns(logger, folder.Log);
        }
    }

    private static async Task CreateDatabaseAsync(ServerProcess process, CancellationToken cancellationToken)
    {
        await using NpgsqlConnection connection = await process.OpenAsync(cancellationToken);
        const string existsSql = "select exists (select from pg_database where datname = @Role)";
        var exists = new CommandDefinition(existsSql, new { Cluster.Role }, cancellationToken: cancellationToken);
        if (!await connection.ExecuteScalarAsync<bool>(exists))
        {
            await connection.ExecuteAsync(new CommandDefinition($"create database {Cluster.Role}", cancellationToken: cancellationToken));
        }
    }

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "ConnectionStrings:Orders is not set: this process {Way} private PostgreSQL server. Connect to it with: {PsqlCommand}")]
    private static partial void LogReady(ILogger logger, string way, string psqlCommand);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The private PostgreSQL server did not stop. The next start will use it. Its log is {Log}")]
    private static partial void LogStillRuns(ILogger logger, string log);
}
