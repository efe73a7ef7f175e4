using Dapper;
using Microsoft.Extensions.Logging;
using Npgsql;
using Orders.Application;

namespace Orders.Infrastructure.EmbeddedPostgres;

/// <summary>
/// A private PostgreSQL server of the installed programs, reachable through a socket in a folder that only its account may enter.
/// Whoever starts it stops it; whoever finds it running uses it.
/// </summary>
internal sealed partial class EmbeddedPostgresServer : IAsyncDisposable
{
    private readonly ServerProcess _process;
    private readonly ServerFolder _folder;
    private readonly ServerOwner? _owner;
    private bool _disposed;

    private EmbeddedPostgresServer(ServerProcess process, ServerFolder folder, ServerOwner? owner) =>
        (_process, _folder, _owner) = (process, folder, owner);

    public string ConnectionString =>
        new NpgsqlConnectionStringBuilder { Host = _folder.Socket, Username = ServerProcess.Role, Database = ServerProcess.Role }.ConnectionString;

    /// <summary>What a person types to look inside.</summary>
    public string PsqlCommand => $"psql -h '{_folder.Socket}' -p 5432 -U {ServerProcess.Role} {ServerProcess.Role}";

    /// <summary>Whether this process is the one that stops the server.</summary>
    public bool IsOwner => _owner is not null;

    /// <exception cref="StartupException">PostgreSQL is not installed, or its server can't be started; the message says what to do.</exception>
    public static async Task<EmbeddedPostgresServer> StartAsync(EmbeddedPostgresOptions options, ILogger logger, CancellationToken cancellationToken)
    {
        PostgresInstallation installation = await PostgresInstallation.FindAsync(options.BinDirectory, cancellationToken).ConfigureAwait(false);
        ServerAccount account = await ServerAccount.FindAsync(options.RunAs, cancellationToken).ConfigureAwait(false);
        var folder = ServerFolder.For(options, account, installation.MajorVersion);
        await account.MakeFolderAsync(folder.Root, cancellationToken).ConfigureAwait(false);
        await account.MakeFolderAsync(folder.Socket, cancellationToken).ConfigureAwait(false);

        var process = new ServerProcess(installation, account, folder);
        var owner = new ServerOwner(folder.Owner);
        await using FileStream _ = await LockAsync(folder.Lock, cancellationToken).ConfigureAwait(false);
        await process.InitializeAsync(cancellationToken).ConfigureAwait(false);
        bool started = await process.StartAsync(cancellationToken).ConfigureAwait(false);
        bool owns = started || !owner.IsAlive();
        if (owns)
        {
            owner.Take();
        }

        var server = new EmbeddedPostgresServer(process, folder, owns ? owner : null);
        await server.CreateDatabaseAsync(cancellationToken).ConfigureAwait(false);
        LogReady(logger, started ? "started a" : "uses the running", server.PsqlCommand);
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        if (_owner is null || _disposed)
        {
            return;
        }

        _disposed = true;
        await using FileStream _ = await LockAsync(_folder.Lock, CancellationToken.None).ConfigureAwait(false);
        await _process.StopAsync().ConfigureAwait(false);
        _owner.Leave();
    }

    /// <summary>Held while a server is made, started or stopped: of several processes that want the same one, each finds it whole.</summary>
    private static async Task<FileStream> LockAsync(string path, CancellationToken cancellationToken)
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (attempt < 1200)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50), cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private async Task CreateDatabaseAsync(CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(_process.ConnectionTo(ServerProcess.MaintenanceDatabase).ConnectionString);
        await connection.OpenAsync(cancellationToken).ConfigureAwait(false);
        var exists = new CommandDefinition("select exists (select from pg_database where datname = @Role)", new { ServerProcess.Role }, cancellationToken: cancellationToken);
        if (!await connection.ExecuteScalarAsync<bool>(exists).ConfigureAwait(false))
        {
            await connection.ExecuteAsync(new CommandDefinition($"create database {ServerProcess.Role}", cancellationToken: cancellationToken)).ConfigureAwait(false);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "No ConnectionStrings:Orders is set: this process {Way} private PostgreSQL server. To look inside: {PsqlCommand}")]
    private static partial void LogReady(ILogger logger, string way, string psqlCommand);
}
