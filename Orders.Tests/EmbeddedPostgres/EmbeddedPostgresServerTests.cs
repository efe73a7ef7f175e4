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
        if (File.Exists(PostmasterFile))
        {
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
    public async Task Who_needs_the_server_last_stops_it()
    {
        EmbeddedPostgresServer first = await StartAsync();
        int process = PostmasterId();
        EmbeddedPostgresServer second = await StartAsync();
        Assert.That((second.ConnectionString, PostmasterId()), Is.EqualTo((first.ConnectionString, process)));

        await first.DisposeAsync();
        Assert.That(await ScalarAsync<int>(second, "select 1"), Is.EqualTo(1));
        await second.DisposeAsync();
        Assert.That(File.Exists(PostmasterFile), Is.False);
        Assert.That(async () => await ScalarAsync<int>(second, "select 1"), Throws.InstanceOf<NpgsqlException>());
    }

    [Test]
    public async Task A_start_that_is_broken_off_leaves_no_server_running()
    {
        await (await StartAsync()).DisposeAsync();
        for (int milliseconds = 20; milliseconds < 400; milliseconds += 40)
        {
            using var broken = new CancellationTokenSource(milliseconds);
            var options = new EmbeddedPostgresOptions { DataDirectory = _folder.Data };
            try
            {
                await (await EmbeddedPostgresServer.StartAsync(options, NullLogger.Instance, broken.Token)).DisposeAsync();
            }
            catch (OperationCanceledException)
            {
                // As it should be, at whatever point that was.
            }

            Assert.That(File.Exists(PostmasterFile), Is.False, $"after {milliseconds} ms");
        }
    }

    [Test]
    public async Task After_a_kill_of_the_server_the_next_start_recovers()
    {
        EmbeddedPostgresServer killed = await StartAsync();
        await using var release = killed;
        await ExecuteAsync(killed, "create table kept as select 42 as answer");
        using (var kill = System.Diagnostics.Process.Start("kill", ["-9", PostmasterId().ToString(CultureInfo.InvariantCulture)]))
        {
            await kill.WaitForExitAsync();
        }

        await using EmbeddedPostgresServer next = await StartAsync();
        Assert.That(await ScalarAsync<int>(next, "select answer from kept"), Is.EqualTo(42));
    }

    [Test]
    public async Task Of_several_who_start_it_at_once_one_makes_the_server_and_all_use_it()
    {
        EmbeddedPostgresServer[] servers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => StartAsync()));
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

    private string PostmasterFile => Path.Combine(_folder.Data, "data", "postmaster.pid");

    private Task<EmbeddedPostgresServer> StartAsync() => StartAsync(new EmbeddedPostgresOptions { DataDirectory = _folder.Data });

    private int PostmasterId() => int.Parse(File.ReadLines(PostmasterFile).First(), CultureInfo.InvariantCulture);
}
