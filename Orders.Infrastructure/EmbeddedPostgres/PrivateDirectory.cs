using Orders.Application;

namespace Orders.Infrastructure.EmbeddedPostgres;

/// <summary>A folder that only the server's account (and root) may enter.</summary>
internal static class PrivateDirectory
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>
    /// Creates the folder, or changes an empty one. A folder that holds something must already be private to the account.
    /// </summary>
    /// <exception cref="StartupException">
    /// The folder can't be created, is not private to the account, or, for root, others could put another one in its place.
    /// </exception>
    public static async Task MakeAsync(string folder, ServerAccount account, CancellationToken cancellationToken)
    {
        try
        {
            if (OperatingSystem.IsWindows())
            {
                Directory.CreateDirectory(folder);
            }
            else if (account.Other is null)
            {
                await MakeOwnAsync(folder, account, cancellationToken);
            }
            else
            {
                await MakeForAsync(folder, account, cancellationToken);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Unusable(folder, exception.Message, exception);
        }
    }

    public static StartupException Unusable(string folder, string reason, Exception? cause = null)
    {
        string sentence =
            $"The private PostgreSQL server can't use the folder {folder}: {reason.TrimEnd('.')}. " +
            "Set EmbeddedPostgres:DataDirectory to another one, or ConnectionStrings__Orders to an existing database.";
        return cause is null ? new StartupException(sentence) : new StartupException(sentence, cause);
    }

    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    private static async Task MakeOwnAsync(string folder, ServerAccount account, CancellationToken cancellationToken)
    {
        if (!Directory.Exists(folder) || !Directory.EnumerateFileSystemEntries(folder).Any())
        {
            Directory.CreateDirectory(folder);
            File.SetUnixFileMode(folder, OwnerOnly);
        }

        await RequireAsync(folder, account, File.GetUnixFileMode(folder), cancellationToken);
    }

    /// <summary>As root. What is checked can't change: nobody else may write to the folder that it is in.</summary>
    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    private static async Task MakeForAsync(string folder, ServerAccount account, CancellationToken cancellationToken)
    {
        await RootDirectory.MakeParentsAsync(folder, cancellationToken);
        FolderEntry entry = await RootDirectory.MakeAsync(folder, OwnerOnly, cancellationToken);
        if (entry.IsOfRoot && !Directory.EnumerateFileSystemEntries(folder).Any())
        {
            File.SetUnixFileMode(folder, OwnerOnly);
            await Tool.RunAsync(["chown", "-h", $"{account.Other}:", folder], cancellationToken);
            entry = await FolderEntry.ReadAsync(folder, cancellationToken) ?? entry;
        }

        await RequireAsync(folder, account, entry.Mode, cancellationToken);
    }

    private static async Task RequireAsync(string folder, ServerAccount account, UnixFileMode mode, CancellationToken cancellationToken)
    {
        Tool.Result usable = await Tool.RunAsync(account.Command("test", "-O", folder, "-a", "-w", folder), cancellationToken);
        if (usable.ExitCode != 0 || mode != OwnerOnly)
        {
            throw Unusable(folder, await ReasonAsync(folder, account, cancellationToken));
        }
    }

    private static async Task<string> ReasonAsync(string folder, ServerAccount account, CancellationToken cancellationToken)
    {
        Tool.Result reached = await Tool.RunAsync(account.Command("test", "-d", folder), cancellationToken);
        return reached.ExitCode == 0
            ? $"it must belong to {account.Name} and be closed to others (mode 0700), or be empty"
            : $"the account {account.Name}, which the server runs as, can't reach it";
    }
}
