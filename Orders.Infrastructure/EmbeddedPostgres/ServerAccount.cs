using Orders.Application;

namespace Orders.Infrastructure.EmbeddedPostgres;

/// <summary>The account that the server runs as: this process's own, or another one when that is root, as which PostgreSQL refuses to run.</summary>
/// <param name="Other">Null for this process's own.</param>
internal sealed record ServerAccount(string? Other)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>The account that PostgreSQL's packages make, and the one that every system has.</summary>
    private static readonly string[] Usual = ["postgres", "nobody"];

    /// <exception cref="StartupException">The account of the settings does not exist.</exception>
    public static async Task<ServerAccount> FindAsync(string? runAs, CancellationToken cancellationToken)
    {
        if (!Environment.IsPrivilegedProcess || OperatingSystem.IsWindows())
        {
            return new ServerAccount((string?)null);
        }

        foreach (string name in string.IsNullOrWhiteSpace(runAs) ? Usual : [runAs])
        {
            Tool.Result id = await Tool.RunAsync(["id", "-u", name], cancellationToken);
            if (id.ExitCode == 0 && id.Output != "0")
            {
                return new ServerAccount(name);
            }
        }

        throw new StartupException(
            $"PostgreSQL does not run as root, and there is no other account '{runAs ?? string.Join("' or '", Usual)}' to run it as. Set EmbeddedPostgres:RunAs to one that exists and is not root.");
    }

    /// <summary>The command as that account. <c>setpriv</c> becomes the program itself, with no session and no shell between.</summary>
    public IReadOnlyList<string> Command(params string[] command) =>
        Other is null ? command : ["setpriv", $"--reuid={Other}", $"--regid={Other}", "--init-groups", .. command];

    /// <summary>Makes a folder that this account alone may enter. One that is there is taken over only when it is empty.</summary>
    /// <exception cref="StartupException">The folder can't be made, or is not this account's alone.</exception>
    public async Task MakeFolderAsync(string folder, CancellationToken cancellationToken)
    {
        try
        {
            // Parents keep the rights that the system gives them: the account has to get through to its own folder.
            bool isNew = !Directory.Exists(folder) || !Directory.EnumerateFileSystemEntries(folder).Any();
            Directory.CreateDirectory(folder);
            if (OperatingSystem.IsWindows())
            {
                return;
            }

            if (isNew && Other is not null)
            {
                await Tool.RunAsync(["chown", $"{Other}:", folder], cancellationToken);
            }

            if (isNew)
            {
                File.SetUnixFileMode(folder, OwnerOnly);
            }

            Tool.Result entered = await Tool.RunAsync(Command("test", "-O", folder, "-a", "-w", folder), cancellationToken);
            if (entered.ExitCode != 0 || File.GetUnixFileMode(folder) != OwnerOnly)
            {
                throw Unusable(folder, $"it has to belong to {Other ?? Environment.UserName} and be closed to others (mode 0700), or be empty", null);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Unusable(folder, exception.Message, exception);
        }
    }

    private static StartupException Unusable(string folder, string reason, Exception? cause)
    {
        string sentence = $"The private PostgreSQL server can't use the folder {folder}: {reason.TrimEnd('.')}. Set EmbeddedPostgres:DataDirectory to another one, or ConnectionStrings__Orders to a database that there is.";
        return cause is null ? new StartupException(sentence) : new StartupException(sentence, cause);
    }
}
