using System.Diagnostics;
using System.Globalization;
using System.Runtime.Versioning;
using Npgsql;
using Orders.Infrastructure.EmbeddedPostgres;

namespace Orders.Tests.EmbeddedPostgres;

/// <summary>Recovery after kills of the server, of the process that uses it, and of both.</summary>
[UnsupportedOSPlatform("windows")]
internal sealed class RecoveryTests : PrivateServerTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    [Test]
    public async Task A_server_whose_user_was_killed_is_taken_over()
    {
        await StartWithoutUserAsync();
        int process = ServerId();
        EmbeddedPostgresServer next = await StartAsync();
        Assert.That(ServerId(), Is.EqualTo(process));
        await next.DisposeAsync();
        Assert.That(ServerRuns(), Is.False);
    }

    [Test]
    public async Task After_a_kill_of_the_server_the_next_start_recovers_committed_data()
    {
        ServerProcess killed = await StartWithoutUserAsync();
        string connectionString = killed.ConnectionTo(Cluster.Role).ConnectionString;
        await ScalarAsync<object>(connectionString, "create table kept as select 42 as answer");
        KillServer();

        await using EmbeddedPostgresServer next = await StartAsync();
        Assert.That(await ScalarAsync<int>(next, "select answer from kept"), Is.EqualTo(42));
    }

    [Test]
    public async Task A_start_waits_for_a_busy_child_process_of_the_killed_server()
    {
        ServerProcess killed = await StartWithoutUserAsync();
        string connectionString = killed.ConnectionTo(Cluster.Role).ConnectionString;
        await using var connection = new NpgsqlConnection($"{connectionString};Pooling=false");
        await connection.OpenAsync();
        int child = connection.ProcessID;

        // A busy child process that waits for nothing does not notice that its parent is gone.
        await using var work = new NpgsqlCommand("do $$ begin for i in 1..250000000 loop end loop; end $$", connection);
        Task working = work.ExecuteNonQueryAsync();
        while (await ScalarAsync<string>(connectionString, $"select state from pg_stat_activity where pid = {child}") != "active")
        {
            await Task.Yield();
        }

        KillServer();
        await using EmbeddedPostgresServer next = await StartAsync();
        Assert.That(await ScalarAsync<int>(next, "select 1"), Is.EqualTo(1));
        Assert.That(await File.ReadAllTextAsync(Folder.Log), Does.Contain("pre-existing shared memory block"));
        await working.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    [Test]
    public async Task A_killed_server_is_restarted_while_it_is_in_use()
    {
        await using EmbeddedPostgresServer server = await StartAsync();
        await ScalarAsync<object>(server, "create table kept as select 42 as answer");
        int killed = ServerId();
        KillServer();
        Assert.That(() => TryReadAsync(server), Is.EqualTo(42).After((int)Deadline.TotalMilliseconds, 50));
        Assert.That(ServerId(), Is.Not.EqualTo(killed));
    }

    [Test]
    public async Task A_process_id_reused_by_another_program_does_not_prevent_the_start()
    {
        await (await StartAsync()).DisposeAsync();
        ServerAccount account = await ServerAccount.FindAsync(null, CancellationToken.None);
        IReadOnlyList<string> command = account.Command("sleep", "600");
        using var other = Process.Start(command[0], command.Skip(1));
        string started = DateTimeOffset.UtcNow.AddDays(-1).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        await File.WriteAllTextAsync(
            ServerFile, $"{other.Id}\n{Folder.Data}\n{started}\n5432\n{Folder.Socket}\n\n  1 1\nready   \n");

        await using EmbeddedPostgresServer server = await StartAsync();
        Assert.That(await ScalarAsync<int>(server, "select 1"), Is.EqualTo(1));
        Assert.That(other.HasExited, Is.False);
        other.Kill();
    }

    [Test]
    public async Task Leftovers_of_an_interrupted_first_start_are_removed()
    {
        await (await StartAsync()).DisposeAsync();
        string left = $"{Folder.Data}.unfinished-1";
        Directory.Move(Folder.Data, left);
        await using EmbeddedPostgresServer server = await StartAsync();
        Assert.That(Directory.Exists(left), Is.False);
        Assert.That(await ScalarAsync<int>(server, "select 1"), Is.EqualTo(1));
    }

    [Test]
    public async Task A_folder_that_was_moved_keeps_its_data()
    {
        string before = Path.Combine(Folder.Root, "before");
        string after = Path.Combine(Folder.Root, "after");
        await using (EmbeddedPostgresServer server = await StartAsync(new EmbeddedPostgresOptions { DataDirectory = before }))
        {
            await ScalarAsync<object>(server, "create table kept as select 42 as answer");
        }

        Directory.Move(before, after);
        await using EmbeddedPostgresServer moved = await StartAsync(new EmbeddedPostgresOptions { DataDirectory = after });
        Assert.That(moved.PsqlCommand, Does.Contain(after));
        Assert.That(await ScalarAsync<int>(moved, "select answer from kept"), Is.EqualTo(42));
    }

    private static async Task<int?> TryReadAsync(EmbeddedPostgresServer server)
    {
        try
        {
            return await ScalarAsync<int>(server, "select answer from kept");
        }
        catch (NpgsqlException)
        {
            return null;
        }
    }
}
