namespace Orders.Infrastructure.EmbeddedPostgres;

/// <summary>
/// The files of the server, which its account may change at any time. When that is another account, they are read and changed as that
/// account: root would follow a link that it put in the place of a file.
/// </summary>
internal sealed class ServerFiles(ServerAccount account)
{
    /// <param name="path">The file.</param>
    /// <param name="position">Where to begin, in bytes.</param>
    /// <returns>Null when it can't be read.</returns>
    public async Task<string?> ReadAsync(string path, long position = 0)
    {
        if (account.Other is not null)
        {
            // Bytes are counted from 1.
            string from = FormattableString.Invariant($"+{position + 1}");
            Tool.Result read = await RunAsync("tail", "-c", from, "--", path);
            return read.ExitCode == 0 ? read.Output : null;
        }

        try
        {
            await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            file.Position = position;
            using var reader = new StreamReader(file);
            return await reader.ReadToEndAsync();
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    public async Task DeleteAsync(string path)
    {
        if (account.Other is null)
        {
            File.Delete(path);
        }
        else
        {
            await RunAsync("rm", "-f", "--", path);
        }
    }

    /// <summary>Deletes a folder with what is in it, as far as nobody is writing to it.</summary>
    public async Task DeleteFolderAsync(string path)
    {
        if (account.Other is not null)
        {
            await RunAsync("rm", "-rf", "--", path);
            return;
        }

        try
        {
            Directory.Delete(path, recursive: true);
        }
        catch (IOException)
        {
            // The caller comes back to it.
        }
    }

    /// <exception cref="IOException">It can't be renamed.</exception>
    public async Task RenameAsync(string path, string target)
    {
        if (account.Other is null)
        {
            Directory.Move(path, target);
        }
        else if (await RunAsync("mv", "--", path, target) is { ExitCode: not 0 } failed)
        {
            throw new IOException(Tool.LastLines(failed.Output));
        }
    }

    private Task<Tool.Result> RunAsync(params string[] command) => Tool.RunAsync(account.Command(command), CancellationToken.None);
}
