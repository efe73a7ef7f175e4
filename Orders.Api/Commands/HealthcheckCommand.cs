using System.CommandLine;
using Orders.Api.Hosting;

namespace Orders.Api.Commands;

/// <summary><c>healthcheck</c>: asks a running service on this machine whether it is up, for containers that have no curl.</summary>
internal static class HealthcheckCommand
{
    public static Command Create()
    {
        var url = new Argument<Uri>("url")
        {
            Description = "The address of the service.",
            DefaultValueFactory = _ => new Uri(ServerUrls.Default),
        };
        var command = new Command("healthcheck", "Ask the service on this machine whether it is up: exit code 0 or 1.") { url };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var client = new HttpClient { BaseAddress = parsed.GetValue(url), Timeout = TimeSpan.FromSeconds(3) };
            try
            {
                using HttpResponseMessage response = await client.GetAsync(new Uri("/health/live", UriKind.Relative), cancellationToken);
                return response.IsSuccessStatusCode ? 0 : 1;
            }
            catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException)
            {
                await Console.Error.WriteLineAsync($"No answer from {client.BaseAddress}: {exception.Message}");
                return 1;
            }
        });
        return command;
    }
}
