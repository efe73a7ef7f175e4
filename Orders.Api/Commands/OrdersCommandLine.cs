using System.CommandLine;
using Orders.Application;
using Orders.Application.Seeding;

namespace Orders.Api.Commands;

/// <summary>The program's commands; without one it serves. A failure is a sentence on standard error and exit code 1.</summary>
internal static class OrdersCommandLine
{
    public static async Task<int> RunAsync(
        string[] args, Func<string[], WebApplication> buildApi, Func<string[], IHost> buildCommandHost, IOrderExporter exporter)
    {
        var root = new RootCommand("Orders: a REST API for orders on PostgreSQL. Without a command it serves.")
        {
            SeedCommand.Create(buildCommandHost, exporter),
            MigrateCommand.Create(buildCommandHost),
            HealthcheckCommand.Create(),
        };
        root.TreatUnmatchedTokensAsErrors = false;
        root.SetAction((parsed, cancellationToken) => ServeAsync(buildApi, [.. parsed.UnmatchedTokens], cancellationToken));

        // The host drains requests for up to 30 s after Ctrl-C; ending the process is left to it.
        var invocation = new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = TimeSpan.FromSeconds(40) };
        try
        {
            return await root.Parse(args).InvokeAsync(invocation);
        }
        catch (StartupException exception)
        {
            return Fail(exception.Message);
        }
        catch (DatabaseUnavailableException exception)
        {
            return Fail(exception.Message);
        }
        catch (IOException exception) when (exception.InnerException is Microsoft.AspNetCore.Connections.AddressInUseException)
        {
            return Fail($"{exception.Message} Set ASPNETCORE_URLS to another address, or end the program that listens there.");
        }
    }

    private static async Task<int> ServeAsync(Func<string[], WebApplication> buildApi, string[] configuration, CancellationToken cancellationToken)
    {
        if (configuration is [var first, ..] && !first.StartsWith('-'))
        {
            return Fail($"There is no command '{first}'; --help lists the commands.");
        }

        await using WebApplication app = buildApi(configuration);
        await app.RunAsync(cancellationToken);
        return Environment.ExitCode;
    }

    private static int Fail(string sentence)
    {
        Console.Error.WriteLine(sentence);
        return 1;
    }
}
