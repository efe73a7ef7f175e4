using System.CommandLine;
using System.Net.Sockets;
using Orders.Api.Configuration;
using Orders.Application;
using Orders.Application.Lakebase;
using Orders.Application.Seeding;

namespace Orders.Api.Commands;

/// <summary>The program's commands; without one it serves. A failure is a sentence on standard error and exit code 1.</summary>
internal static partial class OrdersCommandLine
{
    /// <summary>What a shell expects of a program that Ctrl-C ended before it had done its work.</summary>
    private const int Interrupted = 130;

    private static readonly TimeSpan CommandTerminationTimeout = TimeSpan.FromSeconds(40);

    public static async Task<int> RunAsync(
        string[] args, Func<string[], WebApplication> buildApi, Func<string[], IHost> buildCommandHost, Func<string[],
        IHost> buildResourcesHost,
        IOrderExporter exporter)
    {
        var root = new RootCommand("Orders: a REST API for orders on PostgreSQL. Without a command it serves.")
        {
            SeedCommand.Create(buildCommandHost, exporter),
            MigrateCommand.Create(buildCommandHost),
            OverlayCommand.Create(buildCommandHost),
            HealthcheckCommand.Create(),
            ApiKeyCommand.Create(),
            LakebaseCommand.Create(buildResourcesHost),
        };
        root.TreatUnmatchedTokensAsErrors = false;
        root.SetAction(
            (parsed, cancellationToken) => ServeAsync(buildApi, ConfigurationArguments.Check(parsed.UnmatchedTokens), cancellationToken));

        ParseResult parsed = root.Parse(args);
        var invocation = new InvocationConfiguration
        {
            EnableDefaultExceptionHandler = false,

            // The service drains after Ctrl-C, as long as its settings say; ending the process is left to it, or to a second Ctrl-C.
            ProcessTerminationTimeout = parsed.CommandResult.Command == root ? Timeout.InfiniteTimeSpan : CommandTerminationTimeout,
        };
        try
        {
            return await parsed.InvokeAsync(invocation);
        }
        catch (StartupException exception)
        {
            return Fail(exception.Message);
        }
        catch (DatabaseUnavailableException exception)
        {
            return Fail($"{exception.Message} {exception.Hint}".TrimEnd());
        }
        catch (WorkspaceUnavailableException exception)
        {
            return Fail(exception.Message);
        }
        catch (InvalidDataException exception)
        {
            // A settings file: the message names it, and the inner ones the place in it.
            return Fail($"{exception.Message} {exception.GetBaseException().Message}");
        }
        catch (Exception exception) when (exception is IOException or SocketException)
        {
            return Fail(exception.Message);
        }
        catch (Exception exception) when (exception is FormatException or InvalidOperationException or ArgumentException)
        {
            // What the framework and the logger make of settings of theirs that they can't read.
            return Fail($"{exception.GetBaseException().Message} Check the settings.");
        }
        catch (OperationCanceledException)
        {
            return Interrupted;
        }
    }

    private static async Task<int> ServeAsync(
        Func<string[], WebApplication> buildApi, string[] configuration, CancellationToken cancellationToken)
    {
        await using WebApplication app = buildApi(configuration);
        LogStart(app.Logger, ProductVersion.Current);
        try
        {
            await app.StartAsync(cancellationToken);
        }
        catch (Exception exception)
        {
            // What has started already ends as at any other end, and not as a failure of its own.
            await app.StopAsync(CancellationToken.None);
            throw exception is IOException or SocketException ? ServerUrls.Refusal(app.Configuration, exception) : exception;
        }

        return await Shutdown.WaitAsync(app, cancellationToken);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Orders {Version} starts")]
    private static partial void LogStart(ILogger logger, string version);

    private static int Fail(string sentence)
    {
        Console.Error.WriteLine(sentence);
        return 1;
    }
}
