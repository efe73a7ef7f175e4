using System.CommandLine;

namespace Orders.Api.Commands;

/// <summary>The database for the length of a command: in Development that may be a private server, which is started and stopped with it.</summary>
internal sealed class CommandHost : IAsyncDisposable
{
    private readonly IHost _host;

    private CommandHost(IHost host) => _host = host;

    public IServiceProvider Services => _host.Services;

    public static async Task<CommandHost> StartAsync(Func<string[], IHost> buildHost, string[] configuration, CancellationToken cancellationToken)
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

    /// <summary>Has a command run with a service of such a host.</summary>
    public static void Run<T>(Command command, Func<string[], IHost> buildHost, Func<T, ParseResult, CancellationToken, Task<int>> run)
        where T : notnull
    {
        command.TreatUnmatchedTokensAsErrors = false;
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using CommandHost host = await StartAsync(buildHost, ConfigurationArguments.Check(parsed.UnmatchedTokens), cancellationToken);
            return await run(host.Services.GetRequiredService<T>(), parsed, cancellationToken);
        });
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync(CancellationToken.None);
        await ((IAsyncDisposable)_host).DisposeAsync();
    }
}
