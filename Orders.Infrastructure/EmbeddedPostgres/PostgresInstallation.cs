using System.Globalization;
using System.Text.RegularExpressions;
using Orders.Application;

namespace Orders.Infrastructure.EmbeddedPostgres;

/// <summary>The PostgreSQL programs of this machine.</summary>
internal sealed partial record PostgresInstallation(string BinDirectory, int MajorVersion)
{
    /// <summary>Debian, Fedora and PGDG, Homebrew on Apple silicon and on Intel, the official macOS installer.</summary>
    private static readonly string[] UsualFolders =
    [
        "/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/usr/bin",
        "/opt/homebrew/opt/postgresql*/bin", "/usr/local/opt/postgresql*/bin", "/usr/local/bin", "/usr/local/pgsql/bin",
        "/Library/PostgreSQL/*/bin",
    ];

    public string Program(string name) => Path.Combine(BinDirectory, name);

    /// <exception cref="StartupException">There are none, or none where <paramref name="binDirectory"/> says; the message says what to do.</exception>
    public static async Task<PostgresInstallation> FindAsync(string? binDirectory, CancellationToken cancellationToken)
    {
        if (!string.IsNullOrWhiteSpace(binDirectory))
        {
            return await AtAsync(binDirectory, cancellationToken) ?? throw new StartupException(
                $"EmbeddedPostgres:BinDirectory is '{binDirectory}', where initdb and postgres are not. Set it to the folder that holds them, or leave it out.");
        }

        foreach (string folder in await CandidatesAsync(cancellationToken))
        {
            if (await AtAsync(folder, cancellationToken) is { } installation)
            {
                return installation;
            }
        }

        throw new StartupException(
            $"PostgreSQL is not installed, and no other database is configured. Either install it ({InstallCommand()}), or set ConnectionStrings__Orders to a database that there is, or run the service in containers with: docker compose up");
    }

    private static async Task<PostgresInstallation?> AtAsync(string folder, CancellationToken cancellationToken)
    {
        string postgres = Path.Combine(folder, "postgres");
        if (!File.Exists(postgres) || !File.Exists(Path.Combine(folder, "initdb")) || !File.Exists(Path.Combine(folder, "pg_ctl")))
        {
            return null;
        }

        Tool.Result version = await Tool.RunAsync([postgres, "--version"], cancellationToken);
        return Version().Match(version.Output) is { Success: true } match
            ? new PostgresInstallation(folder, int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture))
            : null;
    }

    private static async Task<IEnumerable<string>> CandidatesAsync(CancellationToken cancellationToken)
    {
        string[] path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        List<string> folders = [.. path];

        // A link in the path may lead to a folder that holds the rest of the programs as well.
        folders.AddRange(path.Select(folder => new FileInfo(Path.Combine(folder, "postgres")))
            .Where(file => file.Exists)
            .Select(file => Path.GetDirectoryName(file.ResolveLinkTarget(returnFinalTarget: true)?.FullName))
            .OfType<string>());
        if (path.Select(folder => Path.Combine(folder, "pg_config")).FirstOrDefault(File.Exists) is { } configuration)
        {
            folders.Add((await Tool.RunAsync([configuration, "--bindir"], cancellationToken)).Output.Trim());
        }

        folders.AddRange(UsualFolders.SelectMany(Expand));
        return folders.Distinct();
    }

    /// <summary>The folders that match, the newest version first.</summary>
    private static IEnumerable<string> Expand(string pattern)
    {
        int star = pattern.IndexOf('*', StringComparison.Ordinal);
        if (star < 0)
        {
            return [pattern];
        }

        string parent = pattern[..pattern.LastIndexOf('/', star)];
        string name = pattern[(parent.Length + 1)..pattern.IndexOf('/', star)];
        string rest = pattern[(parent.Length + name.Length + 2)..];
        return Directory.Exists(parent)
            ? Directory.GetDirectories(parent, name).OrderByDescending(VersionOf).Select(folder => Path.Combine(folder, rest))
            : [];
    }

    private static double VersionOf(string folder) =>
        FolderVersion().Match(folder) is { Success: true } match ? double.Parse(match.Value, CultureInfo.InvariantCulture) : 0;

    private static string InstallCommand()
    {
        if (OperatingSystem.IsMacOS())
        {
            return "brew install postgresql";
        }

        string release = File.Exists("/etc/os-release") ? File.ReadAllText("/etc/os-release") : "";
        return release switch
        {
            _ when DebianRelease().IsMatch(release) => "sudo apt-get install postgresql",
            _ when FedoraRelease().IsMatch(release) => "sudo dnf install postgresql-server",
            _ => "with this system's package manager",
        };
    }

    [GeneratedRegex(@"\(PostgreSQL\) (\d+)")]
    private static partial Regex Version();

    [GeneratedRegex(@"\d+(\.\d+)?$")]
    private static partial Regex FolderVersion();

    [GeneratedRegex(@"^ID(_LIKE)?=.*\b(debian|ubuntu)\b", RegexOptions.Multiline)]
    private static partial Regex DebianRelease();

    [GeneratedRegex(@"^ID(_LIKE)?=.*\b(fedora|rhel|centos)\b", RegexOptions.Multiline)]
    private static partial Regex FedoraRelease();
}
