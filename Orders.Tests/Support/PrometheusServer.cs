using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace Orders.Tests.Support;

/// <summary>Prometheus, which scrapes the service each second.</summary>
internal sealed class PrometheusServer : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private readonly TestFolder _folder;
    private readonly Process _process;
    private readonly HttpClient _http;

    private PrometheusServer(TestFolder folder, Process process, int port) =>
        (_folder, _process, _http) = (folder, process, new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") });

    /// <param name="target">Host and port of what it scrapes.</param>
    /// <param name="rules">The file of rules that it evaluates.</param>
    public static async Task<PrometheusServer> StartAsync(string target, string rules)
    {
        var folder = new TestFolder();
        Directory.CreateDirectory(folder.Data);
        string settings = Path.Combine(folder.Data, "prometheus.yaml");
        await File.WriteAllTextAsync(
            settings,
            $"""
            global: {"{"} scrape_interval: 1s, evaluation_interval: 1s {"}"}
            rule_files: ["{rules}"]
            scrape_configs: [{"{"} job_name: orders, static_configs: [{"{"} targets: ["{target}"] {"}"}] {"}"}]
            """);
        int port = FreePort();
        var start = new ProcessStartInfo(
            "prometheus",
            [$"--config.file={settings}", $"--storage.tsdb.path={Path.Combine(folder.Data, "data")}", $"--web.listen-address=127.0.0.1:{port}", "--log.level=error"]);
        var server = new PrometheusServer(folder, Process.Start(start)!, port);
        await server.UntilAsync("up == 1");
        return server;
    }

    /// <summary>Runs promtool in the folder of a file, and tells what it says.</summary>
    public static async Task<(int ExitCode, string Output)> CheckAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo("promtool", arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(Deadline);
        return (process.ExitCode, output + await errors);
    }

    /// <returns>The numbers that a query finds now.</returns>
    /// <exception cref="InvalidOperationException">Prometheus can't read the query.</exception>
    public async Task<double[]> QueryAsync(string query)
    {
        using HttpResponseMessage response = await _http.GetAsync(new Uri($"/api/v1/query?query={Uri.EscapeDataString(query)}", UriKind.Relative));
        using JsonDocument answer = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        if (!response.IsSuccessStatusCode)
        {
            throw new InvalidOperationException($"{query}: {answer.RootElement.GetProperty("error").GetString()}");
        }

        return
        [
            .. answer.RootElement.GetProperty("data").GetProperty("result").EnumerateArray()
                .Select(one => double.Parse(one.GetProperty("value")[1].GetString()!, System.Globalization.CultureInfo.InvariantCulture)),
        ];
    }

    /// <summary>Waits until a query finds something: Prometheus scrapes at its own pace.</summary>
    public async Task UntilAsync(string query)
    {
        using var limit = new CancellationTokenSource(Deadline);
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (!await HasDataAsync(query))
        {
            try
            {
                await pause.WaitForNextTickAsync(limit.Token);
            }
            catch (OperationCanceledException exception)
            {
                throw new TimeoutException($"No data: {query}", exception);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
        _folder.Dispose();
    }

    private async Task<bool> HasDataAsync(string query)
    {
        try
        {
            return (await QueryAsync(query)).Length > 0;
        }
        catch (Exception exception) when (exception is HttpRequestException or JsonException)
        {
            // It is starting.
            return false;
        }
    }

    private static int FreePort()
    {
        using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        while (true)
        {
            try
            {
                // Not one of those that the system gives to outgoing connections.
                probe.Bind(new IPEndPoint(IPAddress.Loopback, Random.Shared.Next(20_000, 30_000)));
                return ((IPEndPoint)probe.LocalEndPoint!).Port;
            }
            catch (SocketException)
            {
                // Taken: the next one.
            }
        }
    }
}
