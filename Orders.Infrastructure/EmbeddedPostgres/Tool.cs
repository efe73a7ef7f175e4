using System.ComponentModel;
using System.Diagnostics;

namespace Orders.Infrastructure.EmbeddedPostgres;

/// <summary>Runs a program to its end.</summary>
internal static class Tool
{
    // Of util-linux, as on every Linux distribution; macOS has none.
    private const string NewSession = "/usr/bin/setsid";

    /// <summary>An exit code, and what was written to standard output and standard error together.</summary>
    internal sealed record Result(int ExitCode, string Output);

    /// <summary>The end of what a program wrote, where it says why it failed, for a sentence.</summary>
    public static string LastLines(string text) =>
        string.Join(" | ", text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).TakeLast(5)).TrimEnd('.');

    /// <param name="command">The program and its arguments; no shell reads them.</param>
    /// <param name="cancellationToken">Ends the wait and the program.</param>
    public static async Task<Result> RunAsync(IReadOnlyList<string> command, CancellationToken cancellationToken)
    {
        // A terminal sends Ctrl-C to every program of its session; what becomes of these is for this program to decide.
        IReadOnlyList<string> detached = File.Exists(NewSession) ? [NewSession, "--wait", .. command] : command;
        var start = new ProcessStartInfo(detached[0], detached.Skip(1))
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,

            // A folder that every account may be in: the programs complain about one that theirs may not.
            WorkingDirectory = Path.GetPathRoot(Environment.SystemDirectory) is { Length: > 0 } root ? root : "/",
        };

        // The answers are read by this program, and the user's settings for clients are not meant for its server.
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
