using System.Runtime.Versioning;
using Dapper;
using Npgsql;
using Orders.Application;
using Orders.Infrastructure.EmbeddedPostgres;

namespace Orders.Tests.EmbeddedPostgres;

/// <summary>A server that can't start is explained in a sentence that says what to do, and its files are unchanged.</summary>
[UnsupportedOSPlatform("windows")]
internal sealed class StartRefusalTests : PrivateServerTests
{
    [Test]
    public void The_message_names_a_bin_directory_without_the_programs() =>
        AssertRefused(new EmbeddedPostgresOptions { DataDirectory = Folder.Root, BinDirectory = "/nowhere" }, "EmbeddedPostgres:BinDirectory is '/nowhere'");

    [Test]
    public async Task The_message_names_data_of_another_version_and_the_data_is_unchanged()
    {
        await (await StartAsync()).DisposeAsync();
        string version = Path.Combine(Folder.Data, "PG_VERSION");
        await File.WriteAllTextAsync(version, "9.6\n");
        AssertRefused("holds data of PostgreSQL 9.6", "EmbeddedPostgres:DataDirectory", "EmbeddedPostgres:BinDirectory");
        Assert.That(await File.ReadAllTextAsync(version), Is.EqualTo("9.6\n"));
    }

    [Test]
    public async Task The_message_names_a_directory_that_is_not_a_data_directory()
    {
        await (await StartAsync()).DisposeAsync();
        File.Delete(Path.Combine(Folder.Data, "PG_VERSION"));
        AssertRefused("is not a data directory of PostgreSQL");
    }

    [Test]
    public void A_folder_that_holds_other_files_is_refused_and_unchanged()
    {
        Directory.CreateDirectory(Folder.Root);
        string file = Path.Combine(Folder.Root, "letter.txt");
        File.WriteAllText(file, "mine");
        File.SetUnixFileMode(Folder.Root, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
        AssertRefused("EmbeddedPostgres:DataDirectory", "closed to others");
        Assert.That(Directory.GetFileSystemEntries(Folder.Root), Is.EqualTo(new[] { file }));
    }

    /// <summary>An ordinary user can't write to the folder, and the account that root starts the server as can't enter it.</summary>
    [Test]
    public void The_message_names_a_folder_that_can_not_be_reached()
    {
        Directory.CreateDirectory(Folder.Root);
        File.SetUnixFileMode(Folder.Root, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        string folder = Path.Combine(Folder.Root, "postgres");
        AssertRefused(new EmbeddedPostgresOptions { DataDirectory = folder }, folder, "EmbeddedPostgres:DataDirectory");
    }

    [Test]
    public async Task The_message_quotes_the_log_of_a_server_that_does_not_start()
    {
        await (await StartAsync()).DisposeAsync();
        await File.WriteAllTextAsync(Path.Combine(Folder.Data, "postgresql.conf"), "shared_buffers = nonsense\n");
        AssertRefused("invalid value for parameter \"shared_buffers\"", Folder.Log);
    }

    [Test]
    public async Task The_message_quotes_the_log_of_a_server_with_damaged_data()
    {
        await (await StartAsync()).DisposeAsync();
        File.Delete(Path.Combine(Folder.Data, "global", "pg_control"));
        AssertRefused("could not find the database system", Folder.Log);
    }

    [Test]
    public async Task A_server_on_which_the_database_can_not_be_created_is_stopped_again()
    {
        ServerProcess server = await StartWithoutUserAsync();
        await using (NpgsqlConnection connection = await server.OpenAsync(CancellationToken.None))
        {
            await connection.ExecuteAsync("drop database orders");
            await connection.ExecuteAsync("alter database template1 rename to template9");
        }

        AssertRefused("\"template1\" does not exist");
        Assert.That(ServerRuns(), Is.False);
    }

    private static void AssertRefused(EmbeddedPostgresOptions options, params string[] named)
    {
        StartupException? refused = Assert.ThrowsAsync<StartupException>(() => StartAsync(options));
        Assert.That(named, Is.All.Matches<string>(part => refused!.Message.Contains(part, StringComparison.Ordinal)), refused!.Message);
    }

    private void AssertRefused(params string[] named) => AssertRefused(new EmbeddedPostgresOptions { DataDirectory = Folder.Root }, named);
}
