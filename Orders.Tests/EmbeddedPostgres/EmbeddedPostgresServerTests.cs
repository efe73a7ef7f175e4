using System.Globalization;
using System.Runtime.Versioning;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Orders.Infrastructure.EmbeddedPostgres;

namespace Orders.Tests.EmbeddedPostgres;

[UnsupportedOSPlatform("windows")]
internal sealed class EmbeddedPostgresServerTests : PrivateServerTests
{
    [Test]
    public async Task Data_written_to_the_server_survives_a_restart()
    {
        await using (EmbeddedPostgresServer first = await StartAsync())
        {
            await ScalarAsync<object>(first, "create table kept as select 42 as answer");
        }

        await using EmbeddedPostgresServer second = await StartAsync();
        Assert.That(await ScalarAsync<int>(second, "select answer from kept"), Is.EqualTo(42));
    }

    [Test]
    public async Task The_last_user_of_the_server_stops_it()
    {
        EmbeddedPostgresServer first = await StartAsync();
        int process = ServerId();
        EmbeddedPostgresServer second = await StartAsync();
        Assert.That((second.ConnectionString, ServerId()), Is.EqualTo((first.ConnectionString, process)));

        await first.DisposeAsync();
        Assert.That(await ScalarAsync<int>(second, "select 1"), Is.EqualTo(1));
        await second.DisposeAsync();
        Assert.That(File.Exists(ServerFile), Is.False);
        Assert.That(async () => await ScalarAsync<int>(second, "select 1"), Throws.InstanceOf<NpgsqlException>());
    }

    [Test]
    public async Task A_cancelled_start_leaves_no_server_running()
    {
        await (await StartAsync()).DisposeAsync();
        for (int milliseconds = 20; milliseconds < 400; milliseconds += 40)
        {
            using var cancellation = new CancellationTokenSource(milliseconds);
            var options = new EmbeddedPostgresOptions { DataDirectory = Folder.Root };
            try
            {
                await (await EmbeddedPostgresServer.StartAsync(options, NullLogger.Instance, cancellation.Token)).DisposeAsync();
            }
            catch (OperationCanceledException)
            {
                // Expected, whichever step was cancelled.
            }

            Assert.That(File.Exists(ServerFile), Is.False, $"after {milliseconds} ms");
        }
    }

    [Test]
    public async Task Concurrent_starts_create_one_server_that_all_of_them_use()
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
    public async Task The_server_listens_only_on_a_socket_in_a_folder_that_only_its_account_may_enter()
    {
        const UnixFileMode ownerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        await using EmbeddedPostgresServer server = await StartAsync();
        Assert.That(await ScalarAsync<string>(server, "show listen_addresses"), Is.Empty);
        Assert.That(await ScalarAsync<string>(server, "show fsync"), Is.EqualTo("on"));
        string socket = new NpgsqlConnectionStringBuilder(server.ConnectionString).Host!;
        Assert.That(new[] { Folder.Own, socket, Folder.Data }.Select(File.GetUnixFileMode), Is.All.EqualTo(ownerOnly));
    }

    [Test]
    public async Task The_psql_command_works_without_changes()
    {
        await using EmbeddedPostgresServer server = await StartAsync();
        PostgresInstallation installation = await PostgresInstallation.FindAsync(null, CancellationToken.None);
        Tool.Result result = await Tool.RunAsync(
            ["sh", "-c", $"PATH='{installation.BinDirectory}':$PATH; {server.PsqlCommand} -Atc 'select current_user, current_database()'"], CancellationToken.None);
        Assert.That((result.ExitCode, result.Output), Is.EqualTo((0, "orders|orders")));
    }

    [Test]
    public async Task Its_database_is_in_UTF8_and_sorts_by_code_point()
    {
        await using EmbeddedPostgresServer server = await StartAsync();
        Assert.That(
            await ScalarAsync<string>(server, "select pg_encoding_to_char(encoding) || ' ' || datcollate from pg_database where datname = 'orders'"),
            Is.EqualTo("UTF8 C"));
    }

    [Test]
    public async Task Ctrl_C_in_a_terminal_does_not_reach_the_server_because_it_has_a_process_group_of_its_own()
    {
        await using EmbeddedPostgresServer started = await StartAsync();
        string server = ServerId().ToString(CultureInfo.InvariantCulture);

        // The fields after the name in parentheses are state, parent and process group.
        string group = OperatingSystem.IsLinux()
            ? (await File.ReadAllTextAsync($"/proc/{server}/stat")).Split(") ")[^1].Split(' ')[2]
            : (await Tool.RunAsync(["ps", "-o", "pgid=", "-p", server], CancellationToken.None)).Output.Trim();
        Assert.That(group, Is.EqualTo(server));
    }

    [TestCase("a folder, with a comma")]
    [TestCase("it's")]
    [TestCase("dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd")]
    public async Task A_folder_that_can_not_hold_a_socket_gets_its_socket_elsewhere(string name)
    {
        string folder = Path.Combine(Folder.Root, name);
        Directory.CreateDirectory(folder);
        if (Environment.IsPrivilegedProcess)
        {
            File.SetUnixFileMode(Folder.Root, File.GetUnixFileMode(Folder.Root) | UnixFileMode.OtherExecute);
        }

        await using EmbeddedPostgresServer server = await StartAsync(new EmbeddedPostgresOptions { DataDirectory = folder });
        string socket = new NpgsqlConnectionStringBuilder(server.ConnectionString).Host!;
        Assert.That(socket, Does.StartWith("/tmp/orders-").And.Length.LessThan(90));
        Assert.That(await ScalarAsync<int>(server, "select 1"), Is.EqualTo(1));
        await server.DisposeAsync();
        Directory.Delete(socket);
    }

    [Test]
    public async Task A_folder_with_a_space_in_its_name_works()
    {
        string folder = Path.Combine(Folder.Root, "Application Support");
        await using EmbeddedPostgresServer server = await StartAsync(new EmbeddedPostgresOptions { DataDirectory = folder });
        Assert.That(new NpgsqlConnectionStringBuilder(server.ConnectionString).Host, Does.StartWith(folder));
        Assert.That(await ScalarAsync<int>(server, "select 1"), Is.EqualTo(1));
    }

    [Test]
    public async Task Root_runs_the_server_as_the_account_of_the_setting()
    {
        await using EmbeddedPostgresServer server = await StartAsync(new EmbeddedPostgresOptions { DataDirectory = Folder.Root, RunAs = "nobody" });
        Assert.That(await ScalarAsync<int>(server, "select 1"), Is.EqualTo(1));
    }
}
