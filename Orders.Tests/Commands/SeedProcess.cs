using System.Diagnostics;
using Orders.Api.Commands;

namespace Orders.Tests.Commands;

/// <summary>The exit code and the output of the <c>seed</c> command, run as a separate process.</summary>
internal sealed record SeedProcess
{
    public required int ExitCode { get; init; }

    public required byte[] Output { get; init; }

    public required string Errors { get; init; }

    public static async Task<SeedProcess> RunAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(typeof(SeedCommand).Assembly.Location);
        start.ArgumentList.Add("seed");
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        using Process process = Process.Start(start)!;
        using var output = new MemoryStream();
        Task copying = process.StandardOutput.BaseStream.CopyToAsync(output);
        string errors = await process.StandardError.ReadToEndAsync();
        await copying;
        await process.WaitForExitAsync();
        return new SeedProcess { ExitCode = process.ExitCode, Output = output.ToArray(), Errors = errors };
    }
}
