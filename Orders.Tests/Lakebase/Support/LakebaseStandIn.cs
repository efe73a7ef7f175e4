using System.Globalization;
using Dapper;
using Npgsql;
using Orders.Tests.Support;

namespace Orders.Tests.Lakebase.Support;

/// <summary>A database of a test's own on the server with TLS, with a workspace that issues the password of its one role for an hour.</summary>
internal sealed class LakebaseStandIn : IAsyncDisposable
{
    private static readonly TimeSpan CredentialLifetime = TimeSpan.FromHours(1);
    private static int _databases;

    // The server refuses two changes of a role at once: "tuple concurrently updated".
    private readonly Lock _passwords;
    private readonly TimeProvider _time;
    private ITimer? _end;
    private int _issued;

    private LakebaseStandIn(TimeProvider time)
    {
        _time = time;
        _passwords = time is SteppedTime stepped ? stepped.Steps : new Lock();
    }

    public StandInWorkspace Workspace { get; private set; } = null!;

    /// <summary>As on Databricks: the client id of the service principal.</summary>
    public string Role { get; } = StandInWorkspace.ClientId;

    /// <summary>Whether what the workspace issues is a password of the role; if not, the role is refused with all of them.</summary>
    public bool PasswordsCount { get; set; } = true;

    public string Database { get; } = $"orders_{Environment.ProcessId}_{Interlocked.Increment(ref _databases)}";

    /// <summary>With the table and three orders, and a role that may select and update.</summary>
    public static async Task<LakebaseStandIn> StartAsync(TimeProvider time)
    {
        var standIn = new LakebaseStandIn(time);
        await ExecuteAsync("postgres", $"create database {standIn.Database}");
        await ExecuteAsync("postgres", $"""drop role if exists "{standIn.Role}"; create role "{standIn.Role}" login""");
        foreach (string script in SchemaScripts.All)
        {
            await standIn.ExecuteAsync(script);
        }

        await standIn.ExecuteAsync(
            $"""
            insert into orders_synced
            select key, 1, 'O', 1.50, date '1996-01-02', '5-LOW', 'Clerk#000000001', 0, 'no comment' from generate_series(1, 3) as key;
            grant select, update on orders_synced to "{standIn.Role}"
            """);
        standIn.Workspace = await StandInWorkspace.StartAsync(time, standIn.SetPassword);
        return standIn;
    }

    /// <summary>As arguments of the service.</summary>
    /// <param name="options">What the connection string says beside the certificate.</param>
    /// <param name="more">Further settings, which count before these.</param>
    public string[] Settings(string options = "", params string[] more) =>
    [
        $"--Lakebase:InstanceName={StandInWorkspace.Instance}",
        $"--Lakebase:WorkspaceHost={Workspace.Url}",
        $"--Lakebase:ClientId={StandInWorkspace.ClientId}",
        $"--Lakebase:ClientSecret={StandInWorkspace.ClientSecret}",
        $"--Lakebase:Port={LakebaseRun.Server.Port.ToString(CultureInfo.InvariantCulture)}",
        $"--Lakebase:Database={Database}",
        "--Orders:StatusChanges=InPlace",
        $"--ConnectionStrings:Orders=Root Certificate={LakebaseRun.Server.RootCertificate};{options}",
        .. more,
    ];

    /// <summary>As anybody may read it: 503, when to come back, and no host's name.</summary>
    public static void AssertUnavailable(RunningApi.Answer answer, string reason = "")
    {
        Assert.That((answer.Status, answer.Code), Is.EqualTo((503, "database_unavailable")), answer.Body);
        Assert.That(answer.Detail, Does.Contain(reason).And.EndWith(".").And.Not.Contain("127.0.0.1").And.Not.Contain("localhost").And.Not.Contain("example"));
        Assert.That(answer.Headers, Does.ContainKey("Retry-After"));
    }

    /// <summary>The password so far is refused from now on.</summary>
    public void Revoke()
    {
        lock (_passwords)
        {
            AlterRole($"password '{Guid.NewGuid():N}'");
        }
    }

    public Task ExecuteAsync(string sql) => ExecuteAsync(Database, sql);

    public async Task<T?> ScalarAsync<T>(string sql)
    {
        await using var connection = new NpgsqlConnection(LakebaseRun.Server.AdministratorConnection(Database));
        return await connection.ExecuteScalarAsync<T>(sql);
    }

    public async ValueTask DisposeAsync()
    {
        await Workspace.DisposeAsync();
        if (_end is not null)
        {
            await _end.DisposeAsync();
        }

        await ExecuteAsync("postgres", $"drop database {Database} with (force)");
        await ExecuteAsync("postgres", $"drop role if exists \"{Role}\"");
    }

    private static async Task ExecuteAsync(string database, string sql)
    {
        await using var connection = new NpgsqlConnection(LakebaseRun.Server.AdministratorConnection(database));
        await connection.ExecuteAsync(sql);
    }

    /// <summary>The server knows the true time only, so the end of the credential by the test's clock is told to it when it has come.</summary>
    private void SetPassword(string password)
    {
        if (PasswordsCount)
        {
            lock (_passwords)
            {
                int issued = ++_issued;
                AlterRole($"password '{password}' valid until 'infinity'");
                _end?.Dispose();
                _end = _time.CreateTimer(_ => End(issued), null, CredentialLifetime, Timeout.InfiniteTimeSpan);
            }
        }
    }

    /// <summary>A timer that was due already when a newer password was set ends nothing.</summary>
    private void End(int issued)
    {
        lock (_passwords)
        {
            if (issued == _issued)
            {
                AlterRole("valid until '2000-01-01'");
            }
        }
    }

    private void AlterRole(string what)
    {
        using var connection = new NpgsqlConnection(LakebaseRun.Server.AdministratorConnection(Database));
        connection.Execute($"alter role \"{Role}\" {what}");
    }
}
