using System.Runtime.InteropServices;
using System.Text.Json;
using Orders.Infrastructure.EmbeddedPostgres;

namespace Orders.Tests.Support;

/// <summary>PostgreSQL in each major version that the service supports, by the packages of <c>Orders.Tests/Node</c>.</summary>
internal static class ServerVersions
{
    private static string Machine => $"{(OperatingSystem.IsMacOS() ? "darwin" : "linux")}-{RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant()}";

    /// <summary>Starts a private server.</summary>
    public static async Task<DatabaseServer> StartAsync(int majorVersion)
    {
        string package = Path.Combine(NodeProject.Folder, "node_modules", $"postgres-{majorVersion}-{Machine}");
        if (!Directory.Exists(package))
        {
            throw new InvalidOperationException($"PostgreSQL {majorVersion} for the tests is not in {package}: run ./dev setup, or npm ci in {NodeProject.Folder}.");
        }

        // A copy, because the account of a server that root starts may not reach this checkout.
        var folder = new TestFolder();
        await RunAsync("cp", "-R", Path.Combine(package, "native"), folder.Programs);
        await RunAsync("chmod", "-R", "a+rX", folder.Programs);
        await LinkAsync(folder.Programs);
        return await DatabaseServer.StartPrivateAsync(folder, Path.Combine(folder.Programs, "bin"));
    }

    /// <summary>Makes the links between libraries. A package holds none, but a list of them, and no script of a package runs here.</summary>
    private static async Task LinkAsync(string programs)
    {
        string list = Path.Combine(programs, "pg-symlinks.json");
        Dictionary<string, string>[] links = File.Exists(list) ? JsonSerializer.Deserialize<Dictionary<string, string>[]>(await File.ReadAllTextAsync(list))! : [];
        foreach (Dictionary<string, string> link in links)
        {
            string path = InCopy(link["target"]);
            if (!File.Exists(path))
            {
                File.CreateSymbolicLink(path, Path.GetRelativePath(Path.GetDirectoryName(path)!, InCopy(link["source"])));
            }
        }

        string InCopy(string path) => Path.Combine(programs, Path.GetRelativePath("native", path));
    }

    private static async Task RunAsync(params string[] command)
    {
        Tool.Result result = await Tool.RunAsync(command, CancellationToken.None);
        if (result.ExitCode != 0)
        {
            throw new InvalidOperationException($"{string.Join(' ', command)}: {result.Output}");
        }
    }
}
