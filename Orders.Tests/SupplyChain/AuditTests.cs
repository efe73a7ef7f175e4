using System.Diagnostics;
using Orders.Tests.Support;

namespace Orders.Tests.SupplyChain;

/// <summary><c>./dev audit</c> fails on a finding, and on nothing else that a registry may say.</summary>
internal sealed class AuditTests
{
    private const string Clean = """{"version":1,"projects":[{"path":"Orders.Api.csproj"}]}""";

    private const string Finding =
        """
        {"version":1,"projects":[{"path":"Orders.Api.csproj","frameworks":[{"framework":"net10.0","topLevelPackages":[{"id":"Npgsql","resolvedVersion":"8.0.2",
        "vulnerabilities":[{"severity":"High","advisoryurl":"GHSA-x9vc-6hfv-hg8c"}]}]}]}]}
        """;

    private const string NoData =
        """{"version":1,"problems":[{"text":"The source has no vulnerability data.","level":"warning"}],"projects":[{"path":"Orders.Api.csproj"}]}""";

    private TestFolder _folder = null!;

    [SetUp]
    public void SetUp() => _folder = new TestFolder();

    [TearDown]
    public void TearDown() => _folder.Dispose();

    [TestCase(Clean, 0, 0, "No package has a known vulnerability.")]
    [TestCase(Finding, 0, 1, "Packages have known vulnerabilities")]
    [TestCase(Finding, 0, 1, "Npgsql 8.0.2 High")]
    [TestCase(NoData, 0, 0, "nothing is known")]
    [TestCase("error: Unable to load the service index.", 1, 0, "nothing is known")]
    public async Task The_answer_of_the_registry_decides(string report, int exitCode, int expected, string sentence)
    {
        // In dotnet's place, as the registry would have it answer.
        Directory.CreateDirectory(_folder.Data);
        string answer = Path.Combine(_folder.Data, "report");
        await File.WriteAllTextAsync(answer, report);
        string dotnet = Path.Combine(_folder.Data, "dotnet");
        await File.WriteAllTextAsync(
            dotnet,
            $"""
            #!/bin/sh
            case "$*" in
                --list-sdks) echo '10.0.100 [/usr/lib/dotnet/sdk]' ;;
                restore*) ;;
                *json) cat '{answer}'; exit {exitCode} ;;
                list*) echo 'Npgsql 8.0.2 High' ;;
                *) exit 9 ;;
            esac
            """);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(dotnet, File.GetUnixFileMode(dotnet) | UnixFileMode.UserExecute);
        }

        var start = new ProcessStartInfo(Path.Combine(SourceTree.Root, "dev"), "audit") { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["PATH"] = $"{_folder.Data}:{Environment.GetEnvironmentVariable("PATH")}";
        using Process audit = Process.Start(start)!;
        Task<string> errors = audit.StandardError.ReadToEndAsync();
        string output = await audit.StandardOutput.ReadToEndAsync() + await errors;
        await audit.WaitForExitAsync();
        Assert.That(audit.ExitCode, Is.EqualTo(expected), output);
        Assert.That(output, Does.Contain(sentence));
    }
}
