using System.Runtime.Versioning;
using Orders.Application;
using Orders.Infrastructure.EmbeddedPostgres;

namespace Orders.Tests.EmbeddedPostgres;

[UnsupportedOSPlatform("windows")]
internal sealed class PostgresInstallationTests
{
    private string _folder = null!;

    [SetUp]
    public void SetUp() => _folder = Directory.CreateTempSubdirectory("orders-tests-").FullName;

    [TearDown]
    public void TearDown() => Directory.Delete(_folder, recursive: true);

    [Test]
    public async Task The_target_folder_of_a_link_in_the_path_is_searched()
    {
        PostgresInstallation installation = await PostgresInstallation.FindAsync(null, CancellationToken.None);
        File.CreateSymbolicLink(Path.Combine(_folder, "postgres"), installation.Program("postgres"));
        IEnumerable<string> folders = await PostgresInstallation.FoldersAsync(_folder, CancellationToken.None);
        string real = Path.GetDirectoryName(new FileInfo(installation.Program("postgres")).ResolveLinkTarget(returnFinalTarget: true)?.FullName) ?? installation.BinDirectory;
        Assert.That(folders.Take(2), Is.EqualTo(new[] { _folder, real }));
    }

    [Test]
    public async Task The_folder_that_pg_config_prints_is_searched()
    {
        string configuration = Path.Combine(_folder, "pg_config");
        await File.WriteAllTextAsync(configuration, "#!/bin/sh\necho /somewhere/bin\n");
        File.SetUnixFileMode(configuration, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        Assert.That(await PostgresInstallation.FoldersAsync(_folder, CancellationToken.None), Does.Contain("/somewhere/bin"));
    }

    [Test]
    public void Of_several_versions_the_newest_comes_first()
    {
        foreach (string version in new[] { "9.6", "15", "17", "8.4" })
        {
            Directory.CreateDirectory(Path.Combine(_folder, version, "bin"));
        }

        Assert.That(
            PostgresInstallation.Expand($"{_folder}/*/bin"),
            Is.EqualTo(new[] { "17", "15", "9.6", "8.4" }.Select(version => $"{_folder}/{version}/bin")));
    }

    [Test]
    public void Without_the_programs_the_message_names_three_ways_to_continue() => Assert.That(
        async () => await PostgresInstallation.FirstAsync([_folder], CancellationToken.None),
        Throws.InstanceOf<StartupException>().With.Message.Contains(InstallCommand.ForThisSystem())
            .And.Message.Contains("ConnectionStrings__Orders").And.Message.Contains("docker compose up"));

    [TestCase("NAME=\"Debian GNU/Linux\"\nID=debian\n", "sudo apt-get install postgresql")]
    [TestCase("ID=linuxmint\nID_LIKE=\"ubuntu debian\"\n", "sudo apt-get install postgresql")]
    [TestCase("ID=fedora\n", "sudo dnf install postgresql-server")]
    [TestCase("ID=\"rocky\"\nID_LIKE=\"rhel centos fedora\"\n", "sudo dnf install postgresql-server")]
    [TestCase("ID=arch\n", "with this system's package manager")]
    [TestCase("", "with this system's package manager")]
    public void The_install_command_fits_the_operating_system(string release, string command) =>
        Assert.That(InstallCommand.ForRelease(release, "sudo "), Is.EqualTo(command));
}
