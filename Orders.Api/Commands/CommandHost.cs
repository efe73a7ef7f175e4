using System.CommandLine;

namespace Orders.Api.Commands;

/// <summary>
/// The host of a command. In Development it may start a private database server, which is stopped at the end of the command.
/// </summary>
internal sealed class CommandHost : IAsyncDisposable
{
    private readonly IHost _host;

    private CommandHost(IHost host) => _host = host;

    public IServiceProvider Services => _host.Services;

    public static async Task<CommandHost> StartAsync(
        Func<string[], IHost> buildHost, string[] configuration, CancellationToken cancellationToken)
    {
        var host = new CommandHost(buildHost(configuration));
        try
        {
            await host._host.StartAsync(cancellationToken);
            return host;
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
    }

    /// <summary>Sets the action of a command to one that starts a host and runs with a service of it.</summary>
    public static void Run<T>(Command command, Func<string[], IHost> buildHost, Func<T, ParseResult, CancellationToken, Task<int>> run)
        where T : notnull
    {
        command.TreatUnmatchedTokensAsErrors = false;
        command.SetAction(async (parsed, cancellationToken) =>
        {
            string[] configuration = ConfigurationArguments.Check(parsed.UnmatchedTokens);
            await using CommandHost host = await StartAsync(buildHost, configuration, cancellationToken);
            return await run(host.Services.GetRequiredService<T>(), parsed, cancellationToken);
        });
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync(CancellationToken.None);
        await ((IAsyncDisposable)_host).DisposeAsync();
    }
}
