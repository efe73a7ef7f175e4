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
            return await AtAsync(Path.GetFullPath(binDirectory), cancellationToken) ?? throw new StartupException(
                $"EmbeddedPostgres:BinDirectory is '{binDirectory}', where initdb and postgres are not. Set it to the folder that holds them, or leave it out.");
        }

        string path = Environment.GetEnvironmentVariable("PATH") ?? "";
        return await FirstAsync(await FoldersAsync(path, cancellationToken), cancellationToken);
    }

    /// <exception cref="StartupException">The programs are in none of the folders; the message says what to do.</exception>
    public static async Task<PostgresInstallation> FirstAsync(IEnumerable<string> folders, CancellationToken cancellationToken)
    {
        foreach (string folder in folders)
        {
            if (await AtAsync(folder, cancellationToken) is { } installation)
            {
                return installation;
            }
        }

        throw new StartupException(
            $"PostgreSQL is not installed, and no other database is configured. Either install it ({InstallCommand.ForThisSystem()}), or set ConnectionStrings__Orders to a database that there is, or run the service in containers with: docker compose up");
    }

    /// <summary>Where to look, in order: the search path, what its links and its <c>pg_config</c> point to, the usual folders.</summary>
    public static async Task<IEnumerable<string>> FoldersAsync(string searchPath, CancellationToken cancellationToken)
    {
        string[] path = [.. searchPath.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries).Where(Path.IsPathRooted)];
        List<string> folders = [.. path];

        // A link may lead to a folder that holds the rest of the programs as well.
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
    public static IEnumerable<string> Expand(string pattern)
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

    private static double VersionOf(string folder) =>
        FolderVersion().Match(folder) is { Success: true } match ? double.Parse(match.Value, CultureInfo.InvariantCulture) : 0;

    [GeneratedRegex(@"\(PostgreSQL\) (\d+)")]
    private static partial Regex Version();

    [GeneratedRegex(@"\d+(\.\d+)?$")]
    private static partial Regex FolderVersion();
}
