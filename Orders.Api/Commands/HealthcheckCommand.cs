using System.CommandLine;
using Orders.Api.Configuration;

namespace Orders.Api.Commands;

/// <summary><c>healthcheck</c>: asks a running service on this machine whether it is up, for containers that have no curl.</summary>
internal static class HealthcheckCommand
{
    public static Command Create()
    {
        var url = new Argument<string>("url")
        {
            Description = "The address of the service.",
            DefaultValueFactory = _ => ServerUrls.Default,
        };
        url.Validators.Add(result =>
        {
            if (!Uri.TryCreate(result.GetValueOrDefault<string>(), UriKind.Absolute, out Uri? address) || address.Scheme is not ("http" or "https"))
            {
                result.AddError("The address has to be a URL such as http://localhost:8000.");
            }
        });
        var command = new Command("healthcheck", "Ask the service on this machine whether it is up: exit code 0 or 1.") { url };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var client = new HttpClient { BaseAddress = new Uri(parsed.GetRequiredValue(url)), Timeout = TimeSpan.FromSeconds(3) };
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
