using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Orders.Application;
using Orders.Infrastructure.Lakebase.Workspace;
using Orders.Infrastructure.Postgres;

namespace Orders.Infrastructure.Lakebase.Connecting;

/// <summary>
/// The data source on Lakebase. The names of its host and role are looked up when the service starts. While the workspace does not
/// answer, the service runs without its database and keeps trying.
/// </summary>
internal sealed partial class LakebaseDatabase(
    LakebaseOptions options, NpgsqlConnectionStringBuilder settings, ReadTarget reads, DatabaseCredentials credentials,
    DatabricksClient client, TimeProvider time,
    ILogger<LakebaseDatabase> logger) : IHostedLifecycleService, IAsyncDisposable
{
    /// <summary>The start goes on without the workspace after this.</summary>
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(10);

    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource _firstAnswer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _search = Task.CompletedTask;
    private bool _isDisposed;
    private volatile string? _user = options.User;
    private volatile ServerList? _servers;
    private volatile DatabricksException? _failure;

    /// <exception cref="DatabaseUnavailableException">Its address is not known yet.</exception>
    public ServerList Servers => _servers ?? throw Unknown(
        _failure ?? new DatabricksException(null, DatabricksException.TimedOut, "The workspace has not answered yet."));

    /// <summary>The role's name; null until it has been looked up.</summary>
    public string? User => _user;

    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        _search = SearchAsync(_stopping.Token);
        try
        {
            await Task.WhenAny(_firstAnswer.Task, _search).WaitAsync(StartTimeout, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            // The search continues in the background.
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => EndSearchAsync();

    /// <summary>Ends the search also when the service was never started. The container calls it once for each registration.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, true))
        {
            return;
        }

        await EndSearchAsync();
        if (_servers is { } servers)
        {
            await servers.DisposeAsync();
        }

        _stopping.Dispose();
    }

    private async Task EndSearchAsync()
    {
        await _stopping.CancelAsync();
        await _search.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private static DatabaseUnavailableException Unknown(DatabricksException failure) =>
        new($"The database's address is not known: {failure.Reason}.", failure);

    private async Task SearchAsync(CancellationToken stoppingToken)
    {
        for (int failures = 0; ;)
        {
            try
            {
                // The host for reads is told by the workspace alone, and only where secondaries may be read.
                LakebaseHosts hosts = options.Host is { } known && reads == ReadTarget.Primary
                    ? new LakebaseHosts(known, ReadOnly: null)
                    : await options.Server.FindHostsAsync(client, stoppingToken);
                string host = options.Host ?? hosts.ReadWrite;
                string user = _user ??= await client.FindUserAsync(stoppingToken);
                string[] readers = reads != ReadTarget.Primary && hosts.ReadOnly is { Length: > 0 } readOnly && readOnly != host
                    ? [readOnly]
                    : [];
                _servers = new ServerList(
                    [Build(settings, host, user, credentials.GetPasswordAsync)],
                    [.. readers.Select(reader => Build(settings, reader, user, credentials.GetPasswordAsync))])
                {
                    Reads = reads,
                };
                LogFound(logger, host, options.Database, user);
                return;
            }
            catch (Exception exception) when (exception is not OperationCanceledException || !stoppingToken.IsCancellationRequested)
            {
                DatabricksException failure = UnexpectedFailure.Of(exception, logger);
                _failure = failure;
                _firstAnswer.TrySetResult();
                TimeSpan pause = RenewalDelay.AfterFailure(++failures);
                LogNotFound(logger, failure.Message, failure.Code, pause.TotalSeconds);
                await Task.Delay(pause, time, stoppingToken);
            }
        }
    }

    /// <param name="settings">The settings that do not come from the workspace.</param>
    /// <param name="host">The server's name.</param>
    /// <param name="user">The role's name.</param>
    /// <param name="password">Called at each login.</param>
    public static ServerDataSource Build(
        NpgsqlConnectionStringBuilder settings, string host, string user, Func<CancellationToken, ValueTask<string>> password)
    {
        NpgsqlConnectionStringBuilder found = new(settings.ConnectionString) { Host = host, Username = user };

        // Its proxy makes up numbers of connections as a pooler does; but a token is not taken by its pooler.
        return ServerDataSource.Create(found, looksForPooler: false, configure: builder => builder.UsePasswordProvider(
            _ => Task.Run(() => password(CancellationToken.None).AsTask()).GetAwaiter().GetResult(), (_, token) => password(token)));
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The database on Lakebase is {Database} at {Host}; its role there is {User}.")]
    private static partial void LogFound(ILogger logger, string host, string database, string user);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The database's address could not be looked up: {Cause} ({Code}) Next try in {Seconds:0.#} s.")]
    private static partial void LogNotFound(ILogger logger, string cause, string code, double seconds);
}
