using System.Diagnostics;
using System.Globalization;
using Orders.Application.Seeding;
using Spectre.Console;

namespace Orders.Api.Commands;

/// <summary>
/// Shows the progress of a run on standard error: a bar in a terminal, else a line every few seconds. Standard output is only for the data.
/// </summary>
internal static class SeedProgressDisplay
{
    /// <param name="done">The first word of the summary: <c>Loaded</c>, <c>Wrote</c>.</param>
    /// <param name="run">The run, which returns the number of orders.</param>
    public static async Task ShowAsync(string done, Func<IProgress<SeedProgress>, Task<long>> run)
    {
        var clock = Stopwatch.StartNew();
        long rows = Console.IsErrorRedirected
            ? await run(new SeedProgressLines(Console.Error, TimeProvider.System))
            : await SeedProgressBar.ShowAsync(
                AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) }), run);
        await Console.Error.WriteLineAsync(Summary(done, rows, clock.Elapsed));
    }

    public static string NameOf(SeedStage stage) => stage switch
    {
        SeedStage.Preparing => "Preparing",
        SeedStage.Removing => "Removing old orders",
        SeedStage.Writing => "Writing orders",
        SeedStage.Committing => "Committing",
        SeedStage.Vacuuming => "Vacuuming",
        _ => throw new ArgumentOutOfRangeException(nameof(stage), stage, message: null),
    };

    internal static string Summary(string done, long rows, TimeSpan elapsed) => rows == 0
        ? "The table has orders already; nothing was done."
        : string.Create(CultureInfo.InvariantCulture, $"{done} {rows:N0} orders in {elapsed.TotalSeconds:N1} s.");
}
