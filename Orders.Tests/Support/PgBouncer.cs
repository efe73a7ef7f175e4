using System.Diagnostics;
using System.Text;
using Npgsql;
using Orders.Infrastructure.EmbeddedPostgres;

namespace Orders.Tests.Support;

/// <summary>
/// PgBouncer in front of a server: its clients share a few connections, for the length of a transaction or of a statement each.
/// </summary>
internal sealed class PgBouncer : IAsyncDisposable
{
    /// <summary>The connections to the server.</summary>
    public const int PoolSize = 4;

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    /// <summary>Where Debian puts it, which is not in everybody's PATH.</summary>
    private const string DebianProgram = "/usr/sbin/pgbouncer";

    private readonly StringBuilder _log = new();
    private readonly TaskCompletionSource<bool> _up = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TestFolder _folder;
    private readonly Process _process;

    private PgBouncer(TestFolder folder, IReadOnlyList<string> command, string connectionString)
    {
        (_folder, ConnectionString) = (folder, connectionString);
        var start = new ProcessStartInfo(command[0], command.Skip(1)) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = "/" };
        _process = new Process { StartInfo = start };
        _process.ErrorDataReceived += (_, line) => Read(line.Data);
        _process.Start();
        _process.BeginErrorReadLine();
    }

    /// <summary>What a connection to the server is kept for.</summary>
    internal enum PoolMode
    {
        Transaction,
        Statement,
    }

    /// <summary>The given connection string by way of PgBouncer, without a search path: its version 1.18 refuses one.</summary>
    public string ConnectionString { get; }

    /// <param name="connectionString">
    /// The server, database and role. Every client is that role, whatever its own name and password. So that it finds the table, the role has a
    /// search path of its own: <see cref="TestDatabase.CreateRoleWithPathAsync"/> makes one.
    /// </param>
    /// <param name="mode">What a connection to the server is kept for.</param>
    /// <param name="more">Further settings of PgBouncer, a line each.</param>
    public static async Task<PgBouncer> StartAsync(string connectionString, PoolMode mode, string more = "")
    {
        string program = Find();

        // It refuses to run as root, as PostgreSQL does, and a private server lets only its own account in.
        ServerAccount account = await ServerAccount.FindAsync(null, CancellationToken.None);
        for (int attempt = 1; ; attempt++)
        {
            // Another program may take the port before PgBouncer has it.
            PgBouncer started = await StartAsync(program, account, connectionString, mode, Ports.Free(), more);
            if (await started._up.Task.WaitAsync(Deadline))
            {
                return started;
            }

            await started.DisposeAsync();
            if (attempt == 5)
            {
                throw new InvalidOperationException($"PgBouncer does not start: {started.Log}");
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
        _folder.Dispose();
    }

    private string Log
    {
        get
        {
            lock (_log)
            {
                return _log.ToString();
            }
        }
    }

    private static async Task<PgBouncer> StartAsync(string program, ServerAccount account, string connectionString, PoolMode mode, int port, string more)
    {
        var folder = new TestFolder();
        await PrivateDirectory.MakeAsync(folder.Data, account, CancellationToken.None);
        string settings = Path.Combine(folder.Data, "pgbouncer.ini");
        await File.WriteAllTextAsync(settings, $"{Settings(new NpgsqlConnectionStringBuilder(connectionString), mode, port)}{more}\n");
        if (account.Other is not null && !OperatingSystem.IsWindows())
        {
            // The folder keeps everybody else out.
            File.SetUnixFileMode(settings, File.GetUnixFileMode(settings) | UnixFileMode.OtherRead);
        }

        var client = new NpgsqlConnectionStringBuilder(connectionString) { Host = "127.0.0.1", Port = port, SslMode = SslMode.Disable };
        client.Remove("Search Path");
        return new PgBouncer(folder, account.Command(program, settings), client.ConnectionString);
    }

    private static string Settings(NpgsqlConnectionStringBuilder server, PoolMode mode, int port) =>
        $"""
        [databases]
        * = host={Quote(server.Host)} port={server.Port} user={Quote(server.Username)}{(server.Password is { Length: > 0 } password ? $" password={Quote(password)}" : "")}

        [pgbouncer]
        listen_addr = 127.0.0.1
        listen_port = {port}
        unix_socket_dir =
        auth_type = any
        pool_mode = {mode.ToString().ToLowerInvariant()}
        default_pool_size = {PoolSize}

        """;

    private static string Quote(string? value) => $"'{value?.Replace("'", "''", StringComparison.Ordinal)}'";

    private static string Find() => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Select(folder => Path.Combine(folder, "pgbouncer"))
        .Append(DebianProgram)
        .FirstOrDefault(File.Exists) ?? throw new InvalidOperationException(
            "The tests behind PgBouncer need its program: install the package pgbouncer of Debian, Fedora or Homebrew. (./dev test installs it where it can.)");

    /// <summary>It writes "process up" when it listens. When it can't, it says why and ends.</summary>
    private void Read(string? line)
    {
        if (line is null)
        {
            _up.TrySetResult(false);
            return;
        }

        lock (_log)
        {
            _log.AppendLine(line);
        }

        if (line.Contains("process up", StringComparison.Ordinal))
        {
            _up.TrySetResult(true);
        }
    }
}
