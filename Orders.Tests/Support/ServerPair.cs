using System.Globalization;
using Dapper;
using Npgsql;
using Orders.Infrastructure.EmbeddedPostgres;

namespace Orders.Tests.Support;

/// <summary>A primary and a standby of the installed programs, with a table of orders. Each has a socket in a folder of its own.</summary>
internal sealed class ServerPair : IAsyncDisposable
{
    public const int Orders = 20;

    private readonly TestFolder _folder = new();

    private ServerPair(PostgresInstallation installation, ServerAccount account) =>
        (First, Second) = (new PairServer(installation, account, $"{_folder.Data}-a"), new PairServer(installation, account, $"{_folder.Data}-b"));

    /// <summary>The primary at first.</summary>
    public PairServer First { get; }

    public PairServer Second { get; }

    /// <param name="orders">How many orders there are, with the keys from 1 on.</param>
    public static async Task<ServerPair> StartAsync(int orders = Orders)
    {
        var pair = new ServerPair(await PostgresInstallation.FindAsync(null, CancellationToken.None), await ServerAccount.FindAsync(null, CancellationToken.None));
        await pair.First.CreateAsync();
        foreach (string script in SchemaScripts.All)
        {
            await pair.First.ExecuteAsync(script);
        }

        await pair.First.ExecuteAsync(
            $"""
            insert into orders_synced
            select key, 1, 'O', 1, '1996-01-02', '5-LOW', 'Clerk#000000001', 0, '' from generate_series(1, {orders}) as key
            """);
        await pair.Second.FollowAsync(pair.First);
        await pair.CatchUpAsync();
        return pair;
    }

    /// <summary>The connection string with both, the first or the second in front.</summary>
    public string ConnectionString(bool isFirstInFront = true) => new NpgsqlConnectionStringBuilder(First.ConnectionString)
    {
        Host = isFirstInFront ? $"{First.Socket},{Second.Socket}" : $"{Second.Socket},{First.Socket}",
    }.ConnectionString;

    /// <summary>Waits until the second server has replayed all that the first has written.</summary>
    public async Task CatchUpAsync()
    {
        string written = (await First.ScalarAsync<string>("select pg_current_wal_flush_lsn()::text"))!;
        while (!await Second.ScalarAsync<bool>($"select pg_last_wal_replay_lsn() >= '{written}'"))
        {
            await Task.Yield();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await First.DisposeAsync();
        await Second.DisposeAsync();
        _folder.Dispose();
    }
}

/// <summary>One of the two servers.</summary>
internal sealed class PairServer(PostgresInstallation installation, ServerAccount account, string folder) : IAsyncDisposable
{
    private string Data => Path.Combine(folder, "data");

    /// <summary>Beside the real initdb, to which a link may lead.</summary>
    private string BaseBackup
    {
        get
        {
            var initdb = new FileInfo(installation.Program("initdb"));
            return Path.Combine(Path.GetDirectoryName((initdb.ResolveLinkTarget(returnFinalTarget: true) ?? initdb).FullName)!, "pg_basebackup");
        }
    }

    public string Socket => Path.Combine(folder, "s");

    public string ConnectionString => $"Host={Socket};Username=orders;Database=postgres;Search Path=public;SSL Mode=Disable";

    public async Task CreateAsync()
    {
        await MakeFolderAsync();
        await RunAsync(installation.Program("initdb"), "--pgdata", Data, "--username", "orders", "--encoding", "UTF8", "--no-locale", "--auth", "trust", "--no-sync");
        await StartAsync();
    }

    /// <summary>Becomes a standby of the other, as it is now.</summary>
    public async Task FollowAsync(PairServer primary)
    {
        await MakeFolderAsync();
        await RunAsync("rm", "-rf", Data);
        await RunAsync(
            BaseBackup, "--pgdata", Data, "--host", primary.Socket, "--username", "orders", "--write-recovery-conf", "--wal-method", "stream", "--checkpoint", "fast", "--no-sync");
        await StartAsync();
    }

    public Task StartAsync() => RunAsync(
        installation.Program("pg_ctl"), "start", "--wait", "--pgdata", Data, "--log", Path.Combine(folder, "log"), "--options",
        $"-k '{Socket}' -c listen_addresses='' -c fsync=off -c max_connections=120 -c wal_keep_size=64MB");

    /// <summary>Ends as by a crash.</summary>
    public Task CrashAsync() => RunAsync(installation.Program("pg_ctl"), "stop", "--wait", "--mode", "immediate", "--pgdata", Data);

    public Task PromoteAsync() => RunAsync(installation.Program("pg_ctl"), "promote", "--wait", "--pgdata", Data);

    public async Task PauseReplayAsync()
    {
        await ExecuteAsync("select pg_wal_replay_pause()");
        while (await ScalarAsync<string>("select pg_get_wal_replay_pause_state()") != "paused")
        {
            await Task.Yield();
        }
    }

    public Task ResumeReplayAsync() => ExecuteAsync("select pg_wal_replay_resume()");

    /// <summary>Stops or continues all its processes: connections stay, and nothing comes from them.</summary>
    /// <param name="signal"><c>STOP</c> or <c>CONT</c>.</param>
    public async Task SignalAsync(string signal)
    {
        string postmaster = File.ReadLines(Path.Combine(Data, "postmaster.pid")).First();
        Tool.Result children = await Tool.RunAsync(["pgrep", "-P", postmaster], CancellationToken.None);
        await RunAsync(["kill", $"-{signal}", postmaster, .. children.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)]);
    }

    /// <summary>Changes a status beside the service.</summary>
    public Task ChangeAsync(long key, string status) =>
        ExecuteAsync(string.Create(CultureInfo.InvariantCulture, $"update orders_synced set o_orderstatus = '{status}' where o_orderkey = {key}"));

    public async Task ExecuteAsync(string sql)
    {
        await using NpgsqlConnection connection = await OpenAsync();
        await connection.ExecuteAsync(sql);
    }

    public async Task<T?> ScalarAsync<T>(string sql)
    {
        await using NpgsqlConnection connection = await OpenAsync();
        return await connection.ExecuteScalarAsync<T>(sql);
    }

    public async ValueTask DisposeAsync()
    {
        if (File.Exists(Path.Combine(Data, "postmaster.pid")))
        {
            await CrashAsync();
        }
    }

    private async Task<NpgsqlConnection> OpenAsync()
    {
        var connection = new NpgsqlConnection($"{ConnectionString};Pooling=false");
        await connection.OpenAsync();
        return connection;
    }

    private async Task MakeFolderAsync()
    {
        Directory.CreateDirectory(folder);
        if (account.Other is { } other)
        {
            Tool.Result owned = await Tool.RunAsync(["chown", other, folder], CancellationToken.None);
            Assert.That(owned.ExitCode, Is.Zero, owned.Output);
        }

        await RunAsync("mkdir", "-p", Socket);
    }

    private async Task RunAsync(params string[] command)
    {
        Tool.Result result = await Tool.RunAsync(account.Command(command), CancellationToken.None);
        Assert.That(result.ExitCode, Is.Zero, $"{string.Join(' ', command)}: {result.Output}");
    }
}
