using System.CommandLine;
using Orders.Api.Configuration;

namespace Orders.Api.Commands;

/// <summary><c>healthcheck</c>: checks that the service on this machine is up. It is for containers without curl.</summary>
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
            string text = result.GetValueOrDefault<string>();
            if (!Uri.TryCreate(text, UriKind.Absolute, out Uri? address) || address.Scheme is not ("http" or "https"))
            {
                result.AddError("The address must be a URL such as http://localhost:8000.");
            }
        });
        var command = new Command("healthcheck", "Check that the service on this machine is up: exit code 0, else 1.") { url };
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
