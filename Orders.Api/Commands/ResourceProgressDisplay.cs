using Orders.Application.Lakebase;
using Spectre.Console;

namespace Orders.Api.Commands;

/// <summary>
/// Shows a person how far the resources are, on standard error: in place where that is a terminal, a plain line for each change where it is
/// not.
/// </summary>
internal static class ResourceProgressDisplay
{
    public static Task<ResourceReport> ShowAsync(Func<Action<ResourceReport>, Task<ResourceReport>> run) => Console.IsErrorRedirected
        ? run(new ResourceProgressLines(Console.Error).Report)
        : ResourceProgressTable.ShowAsync(AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) }), run);
}
