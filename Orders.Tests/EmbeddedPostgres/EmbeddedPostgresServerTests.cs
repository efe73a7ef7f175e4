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
    public async Task The_first_start_makes_a_server_that_keeps_what_is_written()
    {
        await using (EmbeddedPostgresServer first = await StartAsync())
        {
            await ScalarAsync<object>(first, "create table kept as select 42 as answer");
        }

        await using EmbeddedPostgresServer second = await StartAsync();
        Assert.That(await ScalarAsync<int>(second, "select answer from kept"), Is.EqualTo(42));
    }

    [Test]
    public async Task Who_needs_the_server_last_stops_it()
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
    public async Task A_start_that_is_broken_off_leaves_no_server_running()
    {
        await (await StartAsync()).DisposeAsync();
        for (int milliseconds = 20; milliseconds < 400; milliseconds += 40)
        {
            using var broken = new CancellationTokenSource(milliseconds);
            var options = new EmbeddedPostgresOptions { DataDirectory = Folder.Root };
            try
            {
                await (await EmbeddedPostgresServer.StartAsync(options, NullLogger.Instance, broken.Token)).DisposeAsync();
            }
            catch (OperationCanceledException)
            {
                // As it should be, at whatever point that was.
            }

            Assert.That(File.Exists(ServerFile), Is.False, $"after {milliseconds} ms");
        }
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
        Assert.That(new[] { Folder.Root, socket, Folder.Data }.Select(File.GetUnixFileMode), Is.All.EqualTo(ownerOnly));
    }

    [Test]
    public async Task The_line_for_psql_looks_inside_as_it_is()
    {
        await using EmbeddedPostgresServer server = await StartAsync();
        PostgresInstallation installation = await PostgresInstallation.FindAsync(null, CancellationToken.None);
        Tool.Result result = await Tool.RunAsync(
            ["sh", "-c", $"PATH='{installation.BinDirectory}':$PATH; {server.PsqlCommand} -Atc 'select current_user, current_database()'"], CancellationToken.None);
        Assert.That((result.ExitCode, result.Output), Is.EqualTo((0, "orders|orders")));
    }

    [Test]
    public async Task Its_databases_are_in_UTF8_and_sort_by_code_point()
    {
        await using EmbeddedPostgresServer server = await StartAsync();
        Assert.That(
            await ScalarAsync<string>(server, "select pg_encoding_to_char(encoding) || ' ' || datcollate from pg_database where datname = 'orders'"),
            Is.EqualTo("UTF8 C"));
    }

    [Test]
    public async Task Ctrl_C_on_a_terminal_does_not_reach_the_server_because_it_has_a_session_of_its_own()
    {
        await using EmbeddedPostgresServer started = await StartAsync();
        string server = ServerId().ToString(CultureInfo.InvariantCulture);

        // Behind the name in parentheses: state, parent, process group.
        string group = OperatingSystem.IsLinux()
            ? (await File.ReadAllTextAsync($"/proc/{server}/stat")).Split(") ")[^1].Split(' ')[2]
            : (await Tool.RunAsync(["ps", "-o", "pgid=", "-p", server], CancellationToken.None)).Output.Trim();
        Assert.That(group, Is.EqualTo(server));
    }

    [TestCase("a folder, with a comma")]
    [TestCase("it's")]
    [TestCase("dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd")]
    public async Task A_folder_that_a_socket_can_not_be_in_gets_its_socket_elsewhere(string name)
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
    public async Task A_folder_with_a_space_in_its_name_serves_as_any()
    {
        string folder = Path.Combine(Folder.Root, "Application Support");
        await using EmbeddedPostgresServer server = await StartAsync(new EmbeddedPostgresOptions { DataDirectory = folder });
        Assert.That(new NpgsqlConnectionStringBuilder(server.ConnectionString).Host, Does.StartWith(folder));
        Assert.That(await ScalarAsync<int>(server, "select 1"), Is.EqualTo(1));
    }

    [Test]
    public async Task Root_runs_it_as_any_other_account_of_the_settings()
    {
        await using EmbeddedPostgresServer server = await StartAsync(new EmbeddedPostgresOptions { DataDirectory = Folder.Root, RunAs = "nobody" });
        Assert.That(await ScalarAsync<int>(server, "select 1"), Is.EqualTo(1));
    }
}
