using System.ComponentModel;
using System.Diagnostics;

namespace Orders.Tests.Support;

/// <summary>Runs the linters, generators and TypeScript programs of <c>Orders.Tests/Node</c>.</summary>
internal static class NodeProject
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2);

    internal sealed record Result(int ExitCode, string Output, string Errors);

    public static string Folder { get; } = Path.Combine(SourceTree.Root, "Orders.Tests", "Node");

    /// <param name="command">The name of a command of an installed package.</param>
    /// <param name="arguments">Its arguments, which no shell interprets. File names are relative to <see cref="Folder"/>.</param>
    public static Task<Result> RunPackageAsync(string command, params string[] arguments)
    {
        // npm writes node_modules/.package-lock.json last. If it is older, an installation was interrupted or the lock file has changed.
        var installed = new FileInfo(Path.Combine(Folder, "node_modules", ".package-lock.json"));
        if (!installed.Exists || installed.LastWriteTimeUtc < File.GetLastWriteTimeUtc(Path.Combine(Folder, "package-lock.json")))
        {
            throw new InvalidOperationException(
                "The packages of Orders.Tests/Node/package-lock.json are not installed: run ./dev setup, or npm ci in that folder.");
        }

        return RunAsync([Path.Combine("node_modules", ".bin", command), .. arguments]);
    }

    /// <param name="arguments">A JavaScript file and its arguments.</param>
    public static Task<Result> RunAsync(params string[] arguments) => RunProgramAsync("node", arguments);

    /// <param name="program">A program of the system.</param>
    /// <param name="arguments">Its arguments.</param>
    public static async Task<Result> RunProgramAsync(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = Folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["NO_COLOR"] = "1";
        try
        {
            using Process process = Process.Start(start)!;
            process.StandardInput.Close();
            Task<string> output = process.StandardOutput.ReadToEndAsync();
            Task<string> errors = process.StandardError.ReadToEndAsync();
            try
            {
                await process.WaitForExitAsync().WaitAsync(Deadline);
            }
            finally
            {
                process.Kill(entireProcessTree: true);
            }

            return new Result(process.ExitCode, await output, await errors);
        }
        catch (Win32Exception exception)
        {
            throw new InvalidOperationException("Node can't be started. The tests need Node 20.19 or later, which ./dev setup installs.", exception);
        }
    }
}
