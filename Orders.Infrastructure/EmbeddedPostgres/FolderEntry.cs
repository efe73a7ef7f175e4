using System.Globalization;

namespace Orders.Infrastructure.EmbeddedPostgres;

/// <summary>
/// An entry of a folder as the file system has it, without following it when it is a link. .NET tells neither the owner of a file nor
/// the mode of a link.
/// </summary>
/// <param name="Kind"><c>d</c> for a folder, <c>l</c> for a link.</param>
/// <param name="Owner">The number of its user.</param>
/// <param name="Mode">Its permissions.</param>
internal sealed record FolderEntry(char Kind, string Owner, UnixFileMode Mode)
{
    private const int ModeLength = 10;

    public bool IsFolder => Kind == 'd';

    public bool IsLink => Kind == 'l';

    public bool IsOfRoot => Owner == "0";

    /// <summary>Others than its owner may add, rename and remove what is in it; in a sticky folder, only what is theirs.</summary>
    public bool IsOpenToOthers =>
        (Mode & (UnixFileMode.GroupWrite | UnixFileMode.OtherWrite)) != 0 && (Mode & UnixFileMode.StickyBit) == 0;

    /// <returns>Null when there is none.</returns>
    public static async Task<FolderEntry?> ReadAsync(string path, CancellationToken cancellationToken)
    {
        // As POSIX has it: mode, links, owner, group, …
        Tool.Result listed = await Tool.RunAsync(["ls", "-dln", "--", path], cancellationToken);
        string[] fields = listed.Output.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return listed.ExitCode == 0 && fields is [{ Length: >= ModeLength } mode, _, { } owner, ..]
            && uint.TryParse(owner, CultureInfo.InvariantCulture, out _)
            ? new FolderEntry(mode[0], owner, ReadMode(mode[1..ModeLength]))
            : null;
    }

    /// <summary>Three times read, write, execute: a letter that is no dash sets the bit, but for a capital S or T.</summary>
    private static UnixFileMode ReadMode(string letters)
    {
        UnixFileMode mode = letters[^1] is 't' or 'T' ? UnixFileMode.StickyBit : UnixFileMode.None;
        for (int place = 0; place < letters.Length; place++)
        {
            if (letters[place] is not ('-' or 'S' or 'T'))
            {
                mode |= (UnixFileMode)(1 << (letters.Length - 1 - place));
            }
        }

        return mode;
    }
}
