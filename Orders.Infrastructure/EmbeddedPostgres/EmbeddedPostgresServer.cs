using Dapper;
using Microsoft.Extensions.Logging;
using Npgsql;
using Orders.Application;

namespace Orders.Infrastructure.EmbeddedPostgres;

/// <summary>
/// A private PostgreSQL server of the installed programs, reachable through a socket in a folder that only its account may enter.
/// Who needs it first starts it, who needs it last stops it.
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

    /// <summary>What a person types to look inside.</summary>
    public string PsqlCommand => $"psql -h '{_folder.Socket}' -p {ServerFolder.Port} -U {Cluster.Role} {Cluster.Role}";

    /// <exception cref="StartupException">PostgreSQL is not installed, or its server can't be started; the message says what to do.</exception>
    public static async Task<EmbeddedPostgresServer> StartAsync(EmbeddedPostgresOptions options, ILogger logger, CancellationToken cancellationToken)
    {
        PostgresInstallation installation = await PostgresInstallation.FindAsync(options.BinDirectory, cancellationToken);
        ServerAccount account = await ServerAccount.FindAsync(options.RunAs, cancellationToken);
        var folder = ServerFolder.For(options, account, installation.MajorVersion);
        await PrivateDirectory.MakeAsync(folder.Root, account, cancellationToken);
        await PrivateDirectory.MakeAsync(folder.Socket, account, cancellationToken);
        try
        {
            await using FileStream _ = await FileLock.TakeAsync(folder.Lock, cancellationToken);
            await new Cluster(installation, account, folder).InitializeAsync(cancellationToken);
            return await StartAsync(new ServerProcess(installation, account, folder), folder, logger, cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or NpgsqlException)
        {
            throw new StartupException(
                $"The private PostgreSQL server in {folder.Root} can't be used: {exception.Message.TrimEnd('.')}. Its log is {folder.Log}. Set EmbeddedPostgres:DataDirectory to another folder, or ConnectionStrings__Orders to a database that there is.",
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
            // Without its folder there is nothing to stop, and no lock to wait for.
            await use.DisposeAsync();
            return;
        }

        await using FileStream _ = await FileLock.TakeAsync(_folder.Lock, CancellationToken.None);
        await LeaveAsync(use, _process, _folder, _logger);
    }

    /// <summary>Called under the lock.</summary>
    private static async Task<EmbeddedPostgresServer> StartAsync(ServerProcess process, ServerFolder folder, ILogger logger, CancellationToken cancellationToken)
    {
        FileStream use = FileLock.Share(folder.Users);
        try
        {
            bool found = await process.AnswersAsync(cancellationToken);
            if (!found)
            {
                await process.StartAsync(cancellationToken);
            }

            await CreateDatabaseAsync(process, cancellationToken);
            var server = new EmbeddedPostgresServer(process, folder, use, logger);
            LogReady(logger, found ? "uses the running" : "started a", server.PsqlCommand);
            return server;
        }
        catch
        {
            await LeaveAsync(use, process, folder, logger);
            throw;
        }
    }

    /// <summary>Called under the lock. A server that nobody else uses is stopped.</summary>
    private static async Task LeaveAsync(FileStream use, ServerProcess process, ServerFolder folder, ILogger logger)
    {
        await use.DisposeAsync();
        await using FileStream? alone = FileLock.TryTake(folder.Users);
        if (alone is not null && !await process.StopAsync())
        {
            LogStillRuns(logger, folder.Log);
        }
    }

    private static async Task CreateDatabaseAsync(ServerProcess process, CancellationToken cancellationToken)
    {
        await using NpgsqlConnection connection = await process.OpenAsync(cancellationToken);
        var exists = new CommandDefinition("select exists (select from pg_database where datname = @Role)", new { Cluster.Role }, cancellationToken: cancellationToken);
        if (!await connection.ExecuteScalarAsync<bool>(exists))
        {
            await connection.ExecuteAsync(new CommandDefinition($"create database {Cluster.Role}", cancellationToken: cancellationToken));
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "No ConnectionStrings:Orders is set: this process {Way} private PostgreSQL server. To look inside: {PsqlCommand}")]
    private static partial void LogReady(ILogger logger, string way, string psqlCommand);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The private PostgreSQL server still runs; the next start uses it. Its log is {Log}")]
    private static partial void LogStillRuns(ILogger logger, string log);
}
