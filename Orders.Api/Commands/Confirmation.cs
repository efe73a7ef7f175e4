using System.CommandLine;
using Orders.Application;
using Spectre.Console;

namespace Orders.Api.Commands;

/// <summary>Asks a person before something is done that costs or is lost.</summary>
internal static class Confirmation
{
    /// <summary>To a command that is not to ask.</summary>
    public static Option<bool> Yes() => new("--yes") { Description = "Do it without asking." };

    /// <param name="question">What is asked.</param>
    /// <param name="unasked">Whether the answer has been given: yes.</param>
    /// <param name="cancellationToken">The caller's token.</param>
    /// <returns>Whether it is to be done. If not, that has been said.</returns>
    /// <exception cref="StartupException">Nobody is there to be asked.</exception>
    public static async Task<bool> IsGivenAsync(string question, bool unasked, CancellationToken cancellationToken)
    {
        if (unasked || await AskAsync(question, cancellationToken))
        {
            return true;
        }

        await Console.Error.WriteLineAsync("Nothing was done.");
        return false;
    }

    private static Task<bool> AskAsync(string question, CancellationToken cancellationToken)
    {
        if (Console.IsInputRedirected)
        {
            throw new StartupException("Nothing was done, as nobody is there to be asked: say --yes to do it.");
        }

        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        return new ConfirmationPrompt(Markup.Escape(question)) { DefaultValue = false }.ShowAsync(console, cancellationToken);
    }
}
