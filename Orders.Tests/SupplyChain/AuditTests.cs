using System.Diagnostics;
using Orders.Tests.Support;

namespace Orders.Tests.SupplyChain;

/// <summary><c>./dev audit</c> fails on a finding, and on nothing else that a registry may say.</summary>
internal sealed class AuditTests
{
    private const string Clean = """{"version":1,"sources":["https://packages.example/v3/index.json"],"projects":[{"path":"Orders.Api.csproj"}]}""";
    private const string WithList = """{"resources":[{"@type":"VulnerabilityInfo/6.7.0"}]}""";
    private const string WithoutList = """{"resources":[{"@type":"PackageBaseAddress/3.0.0"}]}""";

    private const string Finding =
        """
        {"version":1,"projects":[{"path":"Orders.Api.csproj","frameworks":[{"framework":"net10.0","topLevelPackages":[{"id":"Npgsql","resolvedVersion":"8.0.2",
        "vulnerabilities":[{"severity":"High","advisoryurl":"GHSA-x9vc-6hfv-hg8c"}]}]}]}]}
        """;

    private const string Problem =
        """{"version":1,"sources":["https://packages.example/v3/index.json"],"problems":[{"text":"It did not work.","level":"error"}]}""";

    private TestFolder _folder = null!;

    [SetUp]
    public void SetUp() => _folder = new TestFolder();

    [TearDown]
    public void TearDown() => _folder.Dispose();

    [TestCase(Clean, WithList, 0, "No package has a known vulnerability.")]
    [TestCase(Clean, WithoutList, 0, "nothing is known")]
    [TestCase(Clean, "", 0, "nothing is known")]
    [TestCase(Problem, WithList, 0, "nothing is known")]
    [TestCase("error: Unable to load the service index.", WithList, 0, "nothing is known")]
    [TestCase(Finding, WithList, 1, "Packages have known vulnerabilities")]
    [TestCase(Finding, WithList, 1, "Npgsql 8.0.2 High")]
    public async Task The_answer_of_the_registry_decides(string report, string index, int expected, string sentence)
    {
        // In the place of dotnet and curl, as the registry would have them answer.
        Directory.CreateDirectory(_folder.Data);
        await File.WriteAllTextAsync(Path.Combine(_folder.Data, "report"), report);
        await File.WriteAllTextAsync(Path.Combine(_folder.Data, "index"), index);
        await WriteProgramAsync("curl", $"cat '{_folder.Data}/index'");
        await WriteProgramAsync(
            "dotnet",
            $"""
            case "$*" in
                --list-sdks) echo '10.0.100 [/usr/lib/dotnet/sdk]' ;;
                restore*) ;;
                *json) cat '{_folder.Data}/report' ;;
                list*) echo 'Npgsql 8.0.2 High' ;;
                *) exit 9 ;;
            esac
            """);
        var start = new ProcessStartInfo(Path.Combine(SourceTree.Root, "dev"), "audit") { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["PATH"] = $"{_folder.Data}:{Environment.GetEnvironmentVariable("PATH")}";
        using Process audit = Process.Start(start)!;
        Task<string> errors = audit.StandardError.ReadToEndAsync();
        string output = await audit.StandardOutput.ReadToEndAsync() + await errors;
        await audit.WaitForExitAsync();
        Assert.That(audit.ExitCode, Is.EqualTo(expected), output);
        Assert.That(output, Does.Contain(sentence));
    }

    private async Task WriteProgramAsync(string name, string script)
    {
        string path = Path.Combine(_folder.Data, name);
        await File.WriteAllTextAsync(path, $"#!/bin/sh\n{script}\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, File.GetUnixFileMode(path) | UnixFileMode.UserExecute);
        }
    }
}
