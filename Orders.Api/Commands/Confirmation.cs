using System.CommandLine;
using Orders.Application;
using Spectre.Console;

namespace Orders.Api.Commands;

/// <summary>Asks for confirmation before a command that costs money or loses data.</summary>
internal static class Confirmation
{
    /// <summary>The option that confirms in advance.</summary>
    public static Option<bool> Yes() => new("--yes") { Description = "Do it without asking for confirmation." };

    /// <param name="question">The question to ask.</param>
    /// <param name="confirmed">The user has already confirmed with <c>--yes</c>.</param>
    /// <param name="cancellationToken">The caller's token.</param>
    /// <returns>True for yes. After a no, the user has been told that nothing was done.</returns>
    /// <exception cref="StartupException">Standard input is not a terminal.</exception>
    public static async Task<bool> IsGivenAsync(string question, bool confirmed, CancellationToken cancellationToken)
    {
        if (confirmed || await AskAsync(question, cancellationToken))
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
            throw new StartupException(
                "Nothing was done: standard input is not a terminal, so this command can't ask for confirmation. Add --yes to confirm.");
        }

        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        return new ConfirmationPrompt(Markup.Escape(question)) { DefaultValue = false }.ShowAsync(console, cancellationToken);
    }
}
