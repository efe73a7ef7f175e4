using System.ComponentModel;
using System.Diagnostics;

namespace Orders.Infrastructure.EmbeddedPostgres;

/// <summary>Runs a command-line program and waits until it exits.</summary>
internal static class Tool
{
    // Part of util-linux, which every Linux distribution has. macOS has no such program.
    private const string NewSession = "/usr/bin/setsid";

    /// <param name="ExitCode">127 when the program could not be started.</param>
    /// <param name="Output">Standard output followed by standard error.</param>
    internal sealed record Result(int ExitCode, string Output);

    /// <summary>The last five lines of an output, where a program gives the reason of a failure, as part of a sentence.</summary>
    public static string LastLines(string text) =>
        string.Join(" | ", text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).TakeLast(5))
            .TrimEnd('.');

    /// <param name="command">The program and its arguments, which no shell interprets.</param>
    /// <param name="cancellationToken">Kills the program.</param>
    public static async Task<Result> RunAsync(IReadOnlyList<string> command, CancellationToken cancellationToken)
    {
        // A terminal sends Ctrl-C to every program of its session. In another session, only this process decides when they end.
        IReadOnlyList<string> detached = File.Exists(NewSession) ? [NewSession, "--wait", .. command] : command;
        var start = new ProcessStartInfo(detached[0], detached.Skip(1))
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,

            // A folder that every account may enter: the programs complain when their account may not enter the current one.
            WorkingDirectory = Path.GetPathRoot(Environment.SystemDirectory) is { Length: > 0 } root ? root : "/",
        };

        // This program parses the English output. The user's PG variables are meant for other servers.
        start.Environment["LC_ALL"] = "C";
        foreach (string name in start.Environment.Keys.Where(name => name.StartsWith("PG", StringComparison.Ordinal)).ToList())
        {
            start.Environment.Remove(name);
        }

        try
        {
            using Process process = Process.Start(start)!;
            process.StandardInput.Close();
            try
            {
                Task<string> output = process.StandardOutput.ReadToEndAsync(cancellationToken);
                Task<string> errors = process.StandardError.ReadToEndAsync(cancellationToken);
                string text = (await output + await errors).Trim();
                await process.WaitForExitAsync(cancellationToken);
                return new Result(process.ExitCode, text);
            }
            catch (OperationCanceledException)
            {
                process.Kill();
                throw;
            }
        }
        catch (Win32Exception exception)
        {
            return new Result(127, exception.Message);
        }
    }
}
