using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Orders.Client;
using Orders.Tests.Support;

namespace Orders.Tests.Sdk;

/// <summary>docs/integration-tests.md shows what is compiled and run here.</summary>
internal sealed partial class IntegrationPageTests
{
    // Debian 12 has version 1 of Compose, which reads the same file but has no --wait.
    private const string Compose =
        """
        if ! docker compose version >/dev/null 2>&1; then
            docker() {
                local arguments=("$@")
                if [[ $1 != compose ]]; then
                    command docker "$@"
                elif [[ " $* " == *" --wait "* ]]; then
                    docker-compose "${arguments[@]:1:$(($# - 2))}"
                    curl --silent --fail --output /dev/null --retry 60 --retry-all-errors --retry-delay 1 "http://localhost:$ORDERS_PORT/health/ready"
                else
                    docker-compose "${arguments[@]:1}"
                fi
            }
        fi

        """;

    private static readonly string Folder = Path.Combine(SourceTree.Root, "docs");
    private static readonly string Page = File.ReadAllText(Path.Combine(Folder, "integration-tests.md"));

    /// <summary>Where the examples run on containers, so do the page's commands for Compose.</summary>
    private static IEnumerable<string> Commands => SampleApi.IsContainer ? [ComposeCommands().Match(Page).Groups["commands"].Value] : [];

    [Test]
    public void An_example_is_the_file_that_it_names()
    {
        IReadOnlyList<Match> examples = Example().Matches(Page);
        foreach (Match example in examples)
        {
            string file = Path.Combine(Folder, example.Groups["file"].Value);
            Assert.That(example.Groups["text"].Value, Is.EqualTo(File.ReadAllText(file)), file);
        }

        Assert.That(examples, Has.Count.EqualTo(Block().Count(Page)), "A block of code names no file.");
        Assert.That(
            examples.Select(example => Path.GetFileName(example.Groups["file"].Value)),
            Is.SupersetOf(Directory.EnumerateFiles(Path.Combine(SourceTree.Root, "Orders.Tests", "Sdk", "Examples")).Select(Path.GetFileName)));
    }

    [TestCaseSource(nameof(Commands))]
    public async Task The_commands_for_Compose_start_reset_and_remove_the_service(string commands)
    {
        string[] lines = commands.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.That(lines, Has.Length.EqualTo(3));
        string port = FreePort();
        (string, string)[] environment =
        [
            ("COMPOSE_PROJECT_NAME", $"orders-examples-{Environment.ProcessId}"), ("ORDERS_PORT", port), ("ORDERS_DB_PORT", FreePort()),
        ];
        string folder = Path.Combine(SourceTree.Root, "Orders.Tests", "Sdk", "Examples");
        using var http = new HttpClient { BaseAddress = new Uri($"http://localhost:{port}") };
        var client = new OrdersClient(http);
        try
        {
            await Shell.RunAsync(Compose + lines[0], folder, environment);
            Assert.That((await client.CountOrdersAsync()).Total_orders, Is.EqualTo(15_000));

            await client.UpdateOrderStatusAsync(1, new OrderStatusUpdate { O_orderstatus = OrderStatus.Fulfilled });
            await Shell.RunAsync(Compose + lines[1], folder, environment);
            Assert.That((await client.GetOrderAsync(1)).O_orderstatus, Is.EqualTo("O"));
        }
        finally
        {
            await Shell.RunAsync(Compose + lines[2], folder, environment);
        }

        string left = await Shell.RunAsync("docker ps --all --quiet --filter label=com.docker.compose.project=$COMPOSE_PROJECT_NAME", folder, environment);
        Assert.That(left, Is.Empty);
    }

    private static string FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);
    }

    [GeneratedRegex(@"^\[`[^`]+`\]\((?<file>[^)]+)\)[^\n]*\n\n```(?:csharp|xml|yaml)\n(?<text>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Example();

    [GeneratedRegex("^```(?:csharp|xml|yaml)$", RegexOptions.Multiline)]
    private static partial Regex Block();

    [GeneratedRegex("^```sh\n(?<commands>docker compose .*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex ComposeCommands();
}
