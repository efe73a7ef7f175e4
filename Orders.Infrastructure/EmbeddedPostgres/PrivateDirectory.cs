using Orders.Application;

namespace Orders.Infrastructure.EmbeddedPostgres;

/// <summary>A folder that the server's account alone may enter (and root, as everywhere).</summary>
internal static class PrivateDirectory
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private const UnixFileMode OpenToAll = OwnerOnly
        | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    /// <summary>Makes it. One that is there is taken over only when it is empty.</summary>
    /// <exception cref="StartupException">It can't be made, or is not this account's alone.</exception>
    public static async Task MakeAsync(string folder, ServerAccount account, CancellationToken cancellationToken)
    {
        try
        {
            bool isNew = !Directory.Exists(folder) || !Directory.EnumerateFileSystemEntries(folder).Any();
            if (OperatingSystem.IsWindows())
            {
                Directory.CreateDirectory(folder);
                return;
            }

            if (isNew)
            {
                await MakeNewAsync(folder, account, cancellationToken);
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
    private static async Task MakeNewAsync(string folder, ServerAccount account, CancellationToken cancellationToken)
    {
        if (account.Other is null)
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            MakeReachable(folder);
            await Tool.RunAsync(["chown", $"{account.Other}:", folder], cancellationToken);
        }

        File.SetUnixFileMode(folder, OwnerOnly);
    }

    /// <summary>What root makes on the way is open to the account also where root's umask keeps others out.</summary>
    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    private static void MakeReachable(string folder)
    {
        if (Directory.Exists(folder))
        {
            return;
        }

        if (Path.GetDirectoryName(folder) is { } parent)
        {
            MakeReachable(parent);
        }

        Directory.CreateDirectory(folder);
        File.SetUnixFileMode(folder, OpenToAll);
    }

    private static async Task<string> ReasonAsync(string folder, ServerAccount account, CancellationToken cancellationToken)
    {
        Tool.Result reached = await Tool.RunAsync(account.Command("test", "-d", folder), cancellationToken);
        return reached.ExitCode == 0
            ? $"it has to belong to {account.Name} and be closed to others (mode 0700), or be empty"
            : $"the account {account.Name}, which the server runs as, does not get through to it";
    }

    private static StartupException Unusable(string folder, string reason, Exception? cause = null)
    {
        string sentence = $"The private PostgreSQL server can't use the folder {folder}: {reason.TrimEnd('.')}. Set EmbeddedPostgres:DataDirectory to another one, or ConnectionStrings__Orders to a database that there is.";
        return cause is null ? new StartupException(sentence) : new StartupException(sentence, cause);
    }
}
