using System.Diagnostics;

namespace Orders.Tests.Sdk;

/// <summary>Runs what a page tells its reader to type.</summary>
internal static class Shell
{
    /// <returns>Standard output. A command that fails is a failed test, with what it wrote.</returns>
    public static async Task<string> RunAsync(string script, string folder, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo("bash", ["-euo", "pipefail", "-c", script])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }

        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        string errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.That(process.ExitCode, Is.Zero, $"{script}\n{await output}\n{errors}");
        return await output;
    }
}
