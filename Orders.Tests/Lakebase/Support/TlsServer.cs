using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Npgsql;
using Orders.Infrastructure.EmbeddedPostgres;
using Orders.Tests.Support;

namespace Orders.Tests.Lakebase.Support;

/// <summary>A PostgreSQL that takes logins by TLS and password only, with a certificate from a private authority.</summary>
internal sealed class TlsServer : IAsyncDisposable
{
    private readonly TestFolder _folder = new();
    private readonly PrivateAuthority _authority = new();
    private PostgresInstallation _installation = null!;
    private ServerAccount _account = null!;

    private TlsServer()
    {
    }

    public int Port { get; } = FreePort();

    /// <summary>The file of what its clients have to trust.</summary>
    public string RootCertificate { get; private set; } = "";

    /// <summary>Of a superuser, through a socket that is trusted.</summary>
    public string AdministratorConnection(string database) => new NpgsqlConnectionStringBuilder
    {
        Host = _folder.Data,
        Port = Port,
        Username = "postgres",
        Database = database,
        Pooling = false,
        SslMode = SslMode.Disable,
    }.ConnectionString;

    public static async Task<TlsServer> StartAsync()
    {
        var server = new TlsServer();
        try
        {
            await server.SetUpAsync();
            await server.ControlAsync("start", "--wait", "--log", Path.Combine(server._folder.Data, "server.log"));
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (File.Exists(Path.Combine(_folder.Data, "data", "postmaster.pid")))
        {
            await ControlAsync("stop", "--mode", "immediate", "--wait");
        }

        _authority.Dispose();
        _folder.Dispose();
    }

    private async Task SetUpAsync()
    {
        _installation = await PostgresInstallation.FindAsync(null, CancellationToken.None);
        _account = await ServerAccount.FindAsync(null, CancellationToken.None);
        await PrivateDirectory.MakeAsync(_folder.Data, _account, CancellationToken.None);
        string data = Path.Combine(_folder.Data, "data");
        await RunAsync(_account.Command(
            _installation.Program("initdb"), "--pgdata", data, "--username", "postgres", "--encoding", "UTF8", "--no-locale", "--no-sync",
            "--auth-local", "trust", "--auth-host", "scram-sha-256"));

        (string certificate, string key) = _authority.Issue(IPAddress.Loopback);
        await WriteAsync(Path.Combine(data, "server.crt"), certificate);
        await WriteAsync(Path.Combine(data, "server.key"), key);
        await WriteAsync(Path.Combine(data, "pg_hba.conf"), "local all postgres trust\nhostssl all all 127.0.0.1/32 scram-sha-256\n");
        await File.AppendAllTextAsync(Path.Combine(data, "postgresql.conf"), string.Create(CultureInfo.InvariantCulture, $"""

            listen_addresses = '127.0.0.1'
            port = {Port}
            unix_socket_directories = '{_folder.Data}'
            ssl = on
            fsync = off
            max_connections = 200

            """));

        // Where the tests' own account may read it, whoever runs the server.
        RootCertificate = Path.Combine(Path.GetDirectoryName(_folder.Data)!, "authority.crt");
        await File.WriteAllTextAsync(RootCertificate, _authority.Pem);
    }

    private async Task WriteAsync(string file, string text)
    {
        await File.WriteAllTextAsync(file, text);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        if (_account.Other is { } other)
        {
            await RunAsync(["chown", other, file]);
        }
    }

    private Task ControlAsync(params string[] arguments) => RunAsync(
        _account.Command([_installation.Program("pg_ctl"), "--pgdata", Path.Combine(_folder.Data, "data"), "--silent", .. arguments]));

    private static async Task RunAsync(IReadOnlyList<string> command)
    {
        Tool.Result result = await Tool.RunAsync(command, CancellationToken.None);
        Assert.That(result.ExitCode, Is.Zero, $"{string.Join(' ', command)}: {result.Output}");
    }

    /// <summary>Below the ports that systems give to clients: one of those could be given to a client that dials this very server.</summary>
    private static int FreePort()
    {
        while (true)
        {
            int port = Random.Shared.Next(15000, 32000);
            try
            {
                using var probe = new TcpListener(IPAddress.Loopback, port);
                probe.Start();
                return port;
            }
            catch (SocketException)
            {
                // Taken.
            }
        }
    }
}
