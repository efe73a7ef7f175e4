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
    private FileStream? _use;

    private EmbeddedPostgresServer(ServerProcess process, ServerFolder folder) =>
        (_process, _folder, _use) = (process, folder, FileLock.Share(folder.Users));

    public string ConnectionString =>
        new NpgsqlConnectionStringBuilder { Host = _folder.Socket, Username = ServerProcess.Role, Database = ServerProcess.Role }.ConnectionString;

    /// <summary>What a person types to look inside.</summary>
    public string PsqlCommand => $"psql -h '{_folder.Socket}' -p 5432 -U {ServerProcess.Role} {ServerProcess.Role}";

    /// <exception cref="StartupException">PostgreSQL is not installed, or its server can't be started; the message says what to do.</exception>
    public static async Task<EmbeddedPostgresServer> StartAsync(EmbeddedPostgresOptions options, ILogger logger, CancellationToken cancellationToken)
    {
        PostgresInstallation installation = await PostgresInstallation.FindAsync(options.BinDirectory, cancellationToken);
        ServerAccount account = await ServerAccount.FindAsync(options.RunAs, cancellationToken);
        var folder = ServerFolder.For(options, account, installation.MajorVersion);
        await account.MakeFolderAsync(folder.Root, cancellationToken);
        await account.MakeFolderAsync(folder.Socket, cancellationToken);

        EmbeddedPostgresServer server;
        bool started;
        await using (await FileLock.TakeAsync(folder.Lock, cancellationToken))
        {
            server = new EmbeddedPostgresServer(new ServerProcess(installation, account, folder), folder);
            try
            {
                await server._process.InitializeAsync(cancellationToken);
                started = await server._process.StartAsync(cancellationToken);
                await server.CreateDatabaseAsync(cancellationToken);
            }
            catch
            {
                await server.LeaveAsync();
                throw;
            }
        }

        LogReady(logger, started ? "started a" : "uses the running", server.PsqlCommand);
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        // Without its folder there is nothing to stop, and no lock to wait for.
        if (_use is not null && Directory.Exists(_folder.Data))
        {
            await using FileStream _ = await FileLock.TakeAsync(_folder.Lock, CancellationToken.None);
            await LeaveAsync();
        }
    }

    /// <summary>Called under the lock. A server that nobody else uses is stopped.</summary>
    private async Task LeaveAsync()
    {
        await (_use?.DisposeAsync() ?? ValueTask.CompletedTask);
        _use = null;
        await using FileStream? alone = FileLock.TryTake(_folder.Users);
        if (alone is not null)
        {
            await _process.StopAsync();
        }
    }

    private async Task CreateDatabaseAsync(CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(_process.ConnectionTo(ServerProcess.MaintenanceDatabase).ConnectionString);
        await connection.OpenAsync(cancellationToken);
        var exists = new CommandDefinition("select exists (select from pg_database where datname = @Role)", new { ServerProcess.Role }, cancellationToken: cancellationToken);
        if (!await connection.ExecuteScalarAsync<bool>(exists))
        {
            await connection.ExecuteAsync(new CommandDefinition($"create database {ServerProcess.Role}", cancellationToken: cancellationToken));
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "No ConnectionStrings:Orders is set: this process {Way} private PostgreSQL server. To look inside: {PsqlCommand}")]
    private static partial void LogReady(ILogger logger, string way, string psqlCommand);
}
