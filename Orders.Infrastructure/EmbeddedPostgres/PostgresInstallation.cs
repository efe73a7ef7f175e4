using System.Globalization;
using System.Text.RegularExpressions;
using Orders.Application;

namespace Orders.Infrastructure.EmbeddedPostgres;

/// <summary>The PostgreSQL programs that are installed on this machine.</summary>
internal sealed partial record PostgresInstallation(string BinDirectory, int MajorVersion)
{
    /// <summary>Of Debian, Fedora and PGDG, Homebrew on Apple silicon and on Intel, and the official macOS installer.</summary>
    private static readonly string[] UsualFolders =
    [
        "/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/usr/bin",
        "/opt/homebrew/opt/postgresql*/bin", "/usr/local/opt/postgresql*/bin", "/usr/local/bin", "/usr/local/pgsql/bin",
        "/Library/PostgreSQL/*/bin",
    ];

    public string Program(string name) => Path.Combine(BinDirectory, name);

    /// <param name="binDirectory">The folder of the programs; null or blank to search for it.</param>
    /// <param name="cancellationToken">The caller's token.</param>
    /// <exception cref="StartupException">The programs were not found. The message says what to do.</exception>
    public static async Task<PostgresInstallation> FindAsync(string? binDirectory, CancellationToken cancellationToken)
    {
        if (!string.IsNullOrWhiteSpace(binDirectory))
        {
            return await AtAsync(Path.GetFullPath(binDirectory), cancellationToken) ?? throw new StartupException(
                $"EmbeddedPostgres:BinDirectory is '{binDirectory}', which does not hold initdb and postgres. " +
                "Set it to the folder that holds them, or leave it unset.");
        }

        string path = Environment.GetEnvironmentVariable("PATH") ?? "";
        return await FirstAsync(await FoldersAsync(path, cancellationToken), cancellationToken);
    }

    /// <exception cref="StartupException">None of the folders holds the programs. The message says what to do.</exception>
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
            "PostgreSQL is not installed, and no other database is configured. " +
            $"Either install it ({InstallCommand.ForThisSystem()}), or set ConnectionStrings__Orders to an existing database, " +
            "or run the service in containers with: docker compose up");
    }

    /// <summary>
    /// The folders to search, in order: the search path, the targets of its links and of its <c>pg_config</c>, the usual folders.
    /// </summary>
    public static async Task<IEnumerable<string>> FoldersAsync(string searchPath, CancellationToken cancellationToken)
    {
        string[] path = [.. searchPath.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries).Where(Path.IsPathRooted)];
        List<string> folders = [.. path];

        // A link may point to a folder that holds all the programs.
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
