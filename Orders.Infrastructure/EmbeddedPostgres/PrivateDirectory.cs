using Orders.Application;

namespace Orders.Infrastructure.EmbeddedPostgres;

/// <summary>A folder that only the server's account (and root) may enter.</summary>
internal static class PrivateDirectory
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private const UnixFileMode OpenToAll = OwnerOnly
        | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    /// <summary>
    /// Creates the folder, or changes an empty one. A folder that holds something must already be private to the account.
    /// </summary>
    /// <exception cref="StartupException">The folder can't be created, or is not private to the account.</exception>
    public static async Task MakeAsync(string folder, ServerAccount account, CancellationToken cancellationToken)
    {
        try
        {
            bool isEmpty = !Directory.Exists(folder) || !Directory.EnumerateFileSystemEntries(folder).Any();
            if (OperatingSystem.IsWindows())
            {
                Directory.CreateDirectory(folder);
                return;
            }

            if (isEmpty)
            {
                await TakeOverAsync(folder, account, cancellationToken);
            }

            Tool.Result usable = await Tool.RunAsync(account.Command("test", "-O", folder, "-a", "-w", folder), cancellationToken);
            if (usable.ExitCode != 0 || File.GetUnixFileMode(folder) != OwnerOnly)
            {
                throw Unusable(folder, await ReasonAsync(folder, account, cancellationToken));
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Unusable(folder, exception.Message, exception);
        }
    }

    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    private static async Task TakeOverAsync(string folder, ServerAccount account, CancellationToken cancellationToken)
    {
        if (account.Other is null)
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            CreateReachable(folder);
            await Tool.RunAsync(["chown", $"{account.Other}:", folder], cancellationToken);
        }

        File.SetUnixFileMode(folder, OwnerOnly);
    }

    /// <summary>Creates the missing parent folders, and lets the account through them whatever root's umask is.</summary>
    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    private static void CreateReachable(string folder)
    {
        if (Directory.Exists(folder))
        {
            return;
        }

        if (Path.GetDirectoryName(folder) is { } parent)
        {
            CreateReachable(parent);
        }

        Directory.CreateDirectory(folder);
        File.SetUnixFileMode(folder, OpenToAll);
    }

    private static async Task<string> ReasonAsync(string folder, ServerAccount account, CancellationToken cancellationToken)
    {
        Tool.Result reached = await Tool.RunAsync(account.Command("test", "-d", folder), cancellationToken);
        return reached.ExitCode == 0
            ? $"it must belong to {account.Name} and be closed to others (mode 0700), or be empty"
            : $"the account {account.Name}, which the server runs as, can't reach it";
    }

    private static StartupException Unusable(string folder, string reason, Exception? cause = null)
    {
        string sentence =
            $"The private PostgreSQL server can't use the folder {folder}: {reason.TrimEnd('.')}. " +
            "Set EmbeddedPostgres:DataDirectory to another one, or ConnectionStrings__Orders to an existing database.";
        return cause is null ? new StartupException(sentence) : new StartupException(sentence, cause);
    }
}
