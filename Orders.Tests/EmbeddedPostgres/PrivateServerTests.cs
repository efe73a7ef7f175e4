using System.Diagnostics;
using System.Globalization;
using System.Runtime.Versioning;
using Dapper;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Orders.Infrastructure.EmbeddedPostgres;
using Orders.Tests.Support;

namespace Orders.Tests.EmbeddedPostgres;

/// <summary>The base of tests of a private server: a folder for each test, and no server left running after it.</summary>
[UnsupportedOSPlatform("windows")]
internal abstract class PrivateServerTests
{
    private TestFolder _folder = null!;

    protected ServerFolder Folder { get; private set; } = null!;

    [SetUp]
    public void SetUp()
    {
        _folder = new TestFolder();
        Folder = FolderAt(_folder.Data);
    }

    [TearDown]
    public async Task TearDownAsync()
    {
        if (ServerRuns())
        {
            // Starting and releasing it stops it, as the only user.
            await (await StartAsync()).DisposeAsync();
        }

        _folder.Dispose();
    }

    protected static Task<EmbeddedPostgresServer> StartAsync(EmbeddedPostgresOptions options) =>
        EmbeddedPostgresServer.StartAsync(options, NullLogger.Instance, CancellationToken.None);

    protected static async Task<T?> ScalarAsync<T>(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection($"{connectionString};Pooling=false");
        return await connection.ExecuteScalarAsync<T>(sql);
    }

    protected static Task<T?> ScalarAsync<T>(EmbeddedPostgresServer server, string sql) => ScalarAsync<T>(server.ConnectionString, sql);

    protected Task<EmbeddedPostgresServer> StartAsync() => StartAsync(new EmbeddedPostgresOptions { DataDirectory = Folder.Root });

    /// <summary>Starts a server without a user, as after a kill of the process that started it.</summary>
    protected async Task<ServerProcess> StartWithoutUserAsync()
    {
        await (await StartAsync()).DisposeAsync();
        PostgresInstallation installation = await PostgresInstallation.FindAsync(null, CancellationToken.None);
        var process = new ServerProcess(installation, await ServerAccount.FindAsync(null, CancellationToken.None), Folder);
        await process.StartAsync(CancellationToken.None);
        return process;
    }

    protected string ServerFile => Path.Combine(Folder.Data, "postmaster.pid");

    protected int ServerId() => int.Parse(File.ReadLines(ServerFile).First(), CultureInfo.InvariantCulture);

    protected bool ServerRuns() => ServerRunsIn(Folder);

    /// <summary>Root's server runs as another account.</summary>
    internal static ServerFolder FolderAt(string root) => new(root, IsOfOther: Environment.IsPrivilegedProcess);

    internal static bool ServerRunsIn(ServerFolder folder)
    {
        using Process? server = new PostmasterFile(folder, new ServerFiles(new ServerAccount(null, []))).FindServerAsync().GetAwaiter().GetResult();
        return server is not null;
    }

    protected void KillServer()
    {
        using var server = Process.GetProcessById(ServerId());
        server.Kill();
    }
}
