using System.Runtime.Versioning;
using Orders.Application;
using Orders.Infrastructure.EmbeddedPostgres;

namespace Orders.Tests.EmbeddedPostgres;

/// <summary>
/// Root follows no link, and takes no folder that others could change on the way. For an ordinary user there are no cases: a server of its own
/// does nothing that the user could not do.
/// </summary>
[UnsupportedOSPlatform("windows")]
internal sealed class PlantedLinkTests : PrivateServerTests
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>What stands on the way, and what the sentence has to say. The folder is "shared/orders/postgres".</summary>
    private static IEnumerable<TestCaseData> Ways => Environment.IsPrivilegedProcess
        ?
        [
            new TestCaseData("ln -s $victim shared/orders/postgres", "it is a link").SetArgDisplayNames("the folder is a link"),
            new TestCaseData("ln -s $victim shared/orders/postgres && chown -h nobody shared/orders/postgres", "it is a link").SetArgDisplayNames("the folder is another user's link"),
            new TestCaseData("ln -s /nowhere shared/orders/postgres", "it is a link").SetArgDisplayNames("the folder is a dangling link"),
            new TestCaseData("mkdir shared/orders/postgres && chown nobody shared/orders/postgres", "it belongs to another account").SetArgDisplayNames("the folder is another user's"),
            new TestCaseData("touch shared/orders/postgres", "it is not a folder").SetArgDisplayNames("the folder is a file"),
            new TestCaseData("rmdir shared/orders && ln -s $victim shared/orders && chown -h nobody shared/orders", "it is a link").SetArgDisplayNames("the parent is another user's link"),
            new TestCaseData("chown nobody shared/orders", "others than root can change").SetArgDisplayNames("the parent is another user's"),
            new TestCaseData("chmod 777 shared/orders", "others than root can change").SetArgDisplayNames("the parent is open to all"),
            new TestCaseData("chmod 775 shared/orders", "others than root can change").SetArgDisplayNames("the parent is open to a group"),
            new TestCaseData("chmod 777 shared", "others than root can change").SetArgDisplayNames("the parent's parent is open to all"),
        ]
        : [];

    /// <summary>What is planted where a server has been, and what the sentence has to say; null when the server is to start.</summary>
    private static IEnumerable<TestCaseData> Places => Environment.IsPrivilegedProcess
        ?
        [
            new TestCaseData("rm lock && ln -s $victim/file lock && chown -h nobody lock", "lock is a link"),
            new TestCaseData("rm users && ln -s $victim/file users && chown -h nobody users", "users is a link"),
            new TestCaseData("rm users && ln -s $victim/new users", "users is a link"),
            new TestCaseData("rmdir socket && ln -s $victim socket && chown -h nobody socket", "it is a link"),
            new TestCaseData("mv server ../server && ln -s $victim server", "it is a link"),
            new TestCaseData("rm server/server.log && ln -s $victim/file server/server.log", "does not start"),
            new TestCaseData("rm server/data/PG_VERSION && ln -s $victim/file server/data/PG_VERSION", "is not a data directory"),
            new TestCaseData("ln -s $victim/file server/data/postmaster.pid", "does not start"),
            new TestCaseData("rm -r server/data && ln -s $victim server/data.unfinished-1", null),
            new TestCaseData("rm -r server/data && mkdir server/data.unfinished-1 && ln -s $victim server/data.unfinished-1/in && chown -Rh $account server/data.unfinished-1", null),
        ]
        : [];

    [TestCaseSource(nameof(Ways))]
    public async Task A_folder_that_others_could_change_on_the_way_is_refused_and_nothing_is_touched(string planting, string reason)
    {
        string shared = await PrepareAsync();
        await RunAsync(planting, shared);
        string folder = Path.Combine(shared, "shared", "orders", "postgres");
        StartupException? refusal = Assert.ThrowsAsync<StartupException>(() => StartAsync(new EmbeddedPostgresOptions { DataDirectory = folder }));
        Assert.That(refusal!.Message, Does.Contain(reason).And.Contain("EmbeddedPostgres:DataDirectory").And.Contain(shared));
        AssertUntouched(shared);
    }

    [TestCaseSource(nameof(Places))]
    public async Task A_link_in_the_place_of_a_file_or_folder_is_not_followed(string planting, string? reason)
    {
        string shared = await PrepareAsync();
        var folder = new ServerFolder(Path.Combine(shared, "shared", "orders", "postgres"), IsOfOther: true);
        var options = new EmbeddedPostgresOptions { DataDirectory = folder.Root };
        await (await StartAsync(options)).DisposeAsync();
        await RunAsync(planting, folder.Root, shared);
        if (reason is null)
        {
            await (await StartAsync(options)).DisposeAsync();
        }
        else
        {
            StartupException? refusal = Assert.ThrowsAsync<StartupException>(() => StartAsync(options));
            Assert.That(refusal!.Message, Does.Contain(reason).And.Not.Contain("secret"));
        }

        Assert.That(ServerRunsIn(folder), Is.False);
        AssertUntouched(shared);
    }

    [Test]
    public async Task A_link_in_the_place_of_the_folder_of_a_socket_elsewhere_is_not_followed()
    {
        string shared = await PrepareAsync();
        var folder = new ServerFolder(Path.Combine(shared, "it's"), IsOfOther: Environment.IsPrivilegedProcess);
        Assert.That(folder.Socket, Does.StartWith("/tmp/"));
        File.CreateSymbolicLink(folder.Socket, Path.Combine(shared, "victim"));
        try
        {
            Assert.ThrowsAsync<StartupException>(() => StartAsync(new EmbeddedPostgresOptions { DataDirectory = folder.Root }));
            AssertUntouched(shared);
        }
        finally
        {
            File.Delete(folder.Socket);
        }
    }

    /// <summary>Makes a folder that is as open as /tmp, one for the server in it, and one that nobody is to touch.</summary>
    private async Task<string> PrepareAsync()
    {
        await RunAsync("mkdir -p shared/orders victim && chmod 1777 shared && echo secret >victim/file && chmod 600 victim/file && chmod 750 victim", Path.GetDirectoryName(Folder.Root)!);
        return Path.GetDirectoryName(Folder.Root)!;
    }

    private static async Task RunAsync(string script, string folder, string? shared = null)
    {
        string account = (await ServerAccount.FindAsync(null, CancellationToken.None)).Name;
        Tool.Result result = await Tool.RunAsync(
            ["sh", "-euc", $"cd \"$1\"; victim=$2/victim; account=$3; {script}", "sh", folder, shared ?? folder, account], CancellationToken.None);
        Assert.That(result.ExitCode, Is.Zero, result.Output);
    }

    private static void AssertUntouched(string shared)
    {
        string victim = Path.Combine(shared, "victim");
        Assert.That(Directory.GetFileSystemEntries(victim), Is.EqualTo(new[] { Path.Combine(victim, "file") }));
        Assert.That(File.ReadAllText(Path.Combine(victim, "file")), Is.EqualTo("secret\n"));
        Assert.That(
            (File.GetUnixFileMode(victim), File.GetUnixFileMode(Path.Combine(victim, "file"))),
            Is.EqualTo((OwnerOnly | UnixFileMode.GroupRead | UnixFileMode.GroupExecute, UnixFileMode.UserRead | UnixFileMode.UserWrite)));
    }
}
