using Orders.Application;
using Spectre.Console;

namespace Orders.Api.Commands;

/// <summary>Asks a person before something is done that costs or is lost.</summary>
internal static class Confirmation
{
    /// <exception cref="StartupException">Nobody is there to be asked.</exception>
    public static Task<bool> AskAsync(string question, CancellationToken cancellationToken)
    {
        if (Console.IsInputRedirected)
        {
            throw new StartupException("Nothing was done, as nobody is there to be asked: say --yes to do it.");
        }

        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        return new ConfirmationPrompt(Markup.Escape(question)) { DefaultValue = false }.ShowAsync(console, cancellationToken);
    }
}
