using System.Runtime.Versioning;
using Orders.Application;

namespace Orders.Infrastructure.EmbeddedPostgres;

/// <summary>A folder that root uses: no link leads to it, and nobody but root could put another one in its place.</summary>
/// <remarks>
/// The way is checked from the top. When a folder belongs to root, and others may not write to it or may change only what is theirs
/// there, its entries that belong to root stay as they were checked.
/// </remarks>
[UnsupportedOSPlatform("windows")]
internal static class RootDirectory
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private const UnixFileMode OpenToAll = OwnerOnly
        | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    /// <summary>Others may pass to what is theirs in it, and not look around.</summary>
    private const UnixFileMode Passable = OwnerOnly | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <summary>
    /// Creates the folder of root's own files, or changes an empty one. A folder that holds something must be as this one makes it.
    /// </summary>
    /// <exception cref="StartupException">It can't be created or be used by root.</exception>
    public static async Task MakeOwnAsync(string folder, CancellationToken cancellationToken)
    {
        try
        {
            await MakeParentsAsync(folder, cancellationToken);
            FolderEntry entry = await MakeAsync(folder, Passable, cancellationToken);
            if (!entry.IsOfRoot)
            {
                throw PrivateDirectory.Unusable(folder, "it belongs to another account, and root would use what that puts there");
            }

            if (entry.Mode != Passable)
            {
                if (Directory.EnumerateFileSystemEntries(folder).Any())
                {
                    throw PrivateDirectory.Unusable(folder, "it must belong to root and be closed to others (mode 0711), or be empty");
                }

                File.SetUnixFileMode(folder, Passable);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw PrivateDirectory.Unusable(folder, exception.Message, exception);
        }
    }

    /// <summary>Creates the folders on the way to a folder, and lets every account through those whatever root's umask is.</summary>
    /// <exception cref="StartupException">There is a link on the way, or a folder that others could change.</exception>
    public static async Task MakeParentsAsync(string folder, CancellationToken cancellationToken)
    {
        var way = new Stack<string>();
        for (string? parent = Path.GetDirectoryName(folder); parent is not null; parent = Path.GetDirectoryName(parent))
        {
            way.Push(parent);
        }

        foreach (string parent in way)
        {
            FolderEntry entry = await MakeAsync(parent, OpenToAll, cancellationToken);
            if (!entry.IsOfRoot || entry.IsOpenToOthers)
            {
                throw PrivateDirectory.Unusable(
                    folder, $"others than root can change {parent} on the way, and put another folder in the place of this one");
            }
        }
    }

    /// <param name="folder">A folder whose parents have been checked.</param>
    /// <param name="mode">The permissions of a new one.</param>
    /// <param name="cancellationToken">The caller's token.</param>
    /// <exception cref="StartupException">It is a link, or no folder.</exception>
    public static async Task<FolderEntry> MakeAsync(string folder, UnixFileMode mode, CancellationToken cancellationToken)
    {
        FolderEntry? entry = await FolderEntry.ReadAsync(folder, cancellationToken);
        if (entry is null)
        {
            // Somebody else may have been there first: what is there now is looked at before it is changed.
            Directory.CreateDirectory(folder, mode);
            entry = await FolderEntry.ReadAsync(folder, cancellationToken);
            if (entry is { IsFolder: true, IsOfRoot: true } && entry.Mode != mode)
            {
                File.SetUnixFileMode(folder, mode);
                entry = entry with { Mode = mode };
            }
        }

        return entry switch
        {
            { IsFolder: true } => entry,
            { IsLink: true } => throw PrivateDirectory.Unusable(
                folder, "it is a link, which root does not follow, as others may have made it: name the folder itself"),
            _ => throw PrivateDirectory.Unusable(folder, "it is not a folder"),
        };
    }
}
