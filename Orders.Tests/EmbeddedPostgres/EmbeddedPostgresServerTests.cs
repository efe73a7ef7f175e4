using System.Globalization;
using System.Runtime.Versioning;
using Dapper;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Orders.Application;
using Orders.Infrastructure.EmbeddedPostgres;
using Orders.Tests.Support;

namespace Orders.Tests.EmbeddedPostgres;

[UnsupportedOSPlatform("windows")]
internal sealed class EmbeddedPostgresServerTests
{
    private TestFolder _folder = null!;

    [SetUp]
    public void SetUp() => _folder = new TestFolder();

    [TearDown]
    public async Task TearDownAsync()
    {
        // Whatever a test left running is taken over and stopped.
        if (File.Exists(Path.Combine(_folder.Data, "data", "postmaster.pid")))
        {
            File.Delete(Path.Combine(_folder.Data, "owner"));
            await (await StartAsync()).DisposeAsync();
        }

        _folder.Dispose();
    }

    [Test]
    public async Task The_first_start_makes_a_server_that_keeps_what_is_written()
    {
        await using (EmbeddedPostgresServer first = await StartAsync())
        {
            await ExecuteAsync(first, "create table kept as select 42 as answer");
        }

        await using EmbeddedPostgresServer second = await StartAsync();
        Assert.That(await ScalarAsync<int>(second, "select answer from kept"), Is.EqualTo(42));
    }

    [Test]
    public async Task Who_finds_the_server_running_uses_it_and_leaves_it_running()
    {
        await using EmbeddedPostgresServer starter = await StartAsync();
        int process = PostmasterId();
        await using (EmbeddedPostgresServer guest = await StartAsync())
        {
            Assert.That((starter.IsOwner, guest.IsOwner, guest.ConnectionString), Is.EqualTo((true, false, starter.ConnectionString)));
        }

        Assert.That(PostmasterId(), Is.EqualTo(process));
        Assert.That(await ScalarAsync<int>(starter, "select 1"), Is.EqualTo(1));
    }

    [Test]
    public async Task Who_starts_the_server_stops_it()
    {
        EmbeddedPostgresServer server = await StartAsync();
        string connectionString = server.ConnectionString;
        await server.DisposeAsync();
        Assert.That(File.Exists(Path.Combine(_folder.Data, "data", "postmaster.pid")), Is.False);
        Assert.That(async () => await new NpgsqlConnection(connectionString).OpenAsync(), Throws.InstanceOf<NpgsqlException>());
    }

    [Test]
    public async Task A_server_whose_starter_was_killed_is_taken_over()
    {
        await StartAsync();
        await File.WriteAllTextAsync(Path.Combine(_folder.Data, "owner"), "999999999 2020-01-01T00:00:00.0000000Z");
        EmbeddedPostgresServer heir = await StartAsync();
        Assert.That(heir.IsOwner, Is.True);
        await heir.DisposeAsync();
        Assert.That(File.Exists(Path.Combine(_folder.Data, "data", "postmaster.pid")), Is.False);
    }

    [Test]
    public async Task After_a_kill_of_the_server_the_next_start_recovers()
    {
        EmbeddedPostgresServer killed = await StartAsync();
        await ExecuteAsync(killed, "create table kept as select 42 as answer");
        using (var kill = System.Diagnostics.Process.Start("kill", ["-9", PostmasterId().ToString(CultureInfo.InvariantCulture)]))
        {
            await kill.WaitForExitAsync();
        }

        await using EmbeddedPostgresServer next = await StartAsync();
        Assert.That(next.IsOwner, Is.True);
        Assert.That(await ScalarAsync<int>(next, "select answer from kept"), Is.EqualTo(42));
    }

    [Test]
    public async Task Of_several_who_start_it_at_once_one_makes_the_server_and_all_use_it()
    {
        EmbeddedPostgresServer[] servers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => StartAsync()));
        Assert.That(servers.Count(server => server.IsOwner), Is.EqualTo(1));
        foreach (EmbeddedPostgresServer server in servers)
        {
            Assert.That(await ScalarAsync<int>(server, "select 1"), Is.EqualTo(1));
        }

        foreach (EmbeddedPostgresServer server in servers)
        {
            await server.DisposeAsync();
        }
    }

    [Test]
    public async Task It_is_reached_through_a_folder_of_its_account_alone_and_not_over_the_network()
    {
        const UnixFileMode ownerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        await using EmbeddedPostgresServer server = await StartAsync();
        Assert.That(await ScalarAsync<string>(server, "show listen_addresses"), Is.Empty);
        Assert.That(await ScalarAsync<string>(server, "show fsync"), Is.EqualTo("on"));
        string socket = new NpgsqlConnectionStringBuilder(server.ConnectionString).Host!;
        Assert.That(new[] { _folder.Data, socket, Path.Combine(_folder.Data, "data") }.Select(File.GetUnixFileMode), Is.All.EqualTo(ownerOnly));
        Assert.That(server.PsqlCommand, Is.EqualTo($"psql -h '{socket}' -p 5432 -U orders orders"));
    }

    [Test]
    public async Task A_folder_with_a_long_path_gets_a_socket_with_a_short_one()
    {
        string deep = Path.Combine(_folder.Data, new string('d', 120));
        await using EmbeddedPostgresServer server = await StartAsync(new EmbeddedPostgresOptions { DataDirectory = deep });
        string socket = new NpgsqlConnectionStringBuilder(server.ConnectionString).Host!;
        Assert.That(socket, Has.Length.LessThan(90));
        Assert.That(await ScalarAsync<int>(server, "select 1"), Is.EqualTo(1));
        await server.DisposeAsync();
        Directory.Delete(socket);
    }

    [Test]
    public void A_folder_without_the_programs_is_named() => AssertRefused(
        new EmbeddedPostgresOptions { DataDirectory = _folder.Data, BinDirectory = "/nowhere" }, "EmbeddedPostgres:BinDirectory is '/nowhere'");

    [Test]
    public async Task Data_of_another_version_is_named_and_left_alone()
    {
        await (await StartAsync()).DisposeAsync();
        string version = Path.Combine(_folder.Data, "data", "PG_VERSION");
        await File.WriteAllTextAsync(version, "9.6\n");
        AssertRefused(new EmbeddedPostgresOptions { DataDirectory = _folder.Data }, "PostgreSQL 9.6");
        Assert.That(await File.ReadAllTextAsync(version), Is.EqualTo("9.6\n"));
    }

    [Test]
    public void A_folder_that_holds_something_else_is_refused_and_left_alone()
    {
        Directory.CreateDirectory(_folder.Data);
        string file = Path.Combine(_folder.Data, "letter.txt");
        File.WriteAllText(file, "mine");
        File.SetUnixFileMode(_folder.Data, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.OtherRead);
        AssertRefused(new EmbeddedPostgresOptions { DataDirectory = _folder.Data }, "EmbeddedPostgres:DataDirectory");
        Assert.That(Directory.GetFileSystemEntries(_folder.Data), Is.EqualTo(new[] { file }));
    }

    [Test]
    public async Task A_server_that_does_not_start_is_explained_with_its_own_words()
    {
        await (await StartAsync()).DisposeAsync();
        string configuration = Path.Combine(_folder.Data, "data", "postgresql.conf");
        string good = await File.ReadAllTextAsync(configuration);
        await File.WriteAllTextAsync(configuration, "shared_buffers = nonsense\n");
        AssertRefused(new EmbeddedPostgresOptions { DataDirectory = _folder.Data }, "server.log");
        await File.WriteAllTextAsync(configuration, good);
    }

    private static void AssertRefused(EmbeddedPostgresOptions options, string named) =>
        Assert.That(async () => await StartAsync(options), Throws.InstanceOf<StartupException>().With.Message.Contains(named));

    private static Task<EmbeddedPostgresServer> StartAsync(EmbeddedPostgresOptions options) =>
        EmbeddedPostgresServer.StartAsync(options, NullLogger.Instance, CancellationToken.None);

    private static async Task<T?> ScalarAsync<T>(EmbeddedPostgresServer server, string sql)
    {
        await using var connection = new NpgsqlConnection($"{server.ConnectionString};Pooling=false");
        return await connection.ExecuteScalarAsync<T>(sql);
    }

    private static Task<object?> ExecuteAsync(EmbeddedPostgresServer server, string sql) => ScalarAsync<object>(server, sql);

    private Task<EmbeddedPostgresServer> StartAsync() => StartAsync(new EmbeddedPostgresOptions { DataDirectory = _folder.Data });

    private int PostmasterId() => int.Parse(File.ReadLines(Path.Combine(_folder.Data, "data", "postmaster.pid")).First(), CultureInfo.InvariantCulture);
}
