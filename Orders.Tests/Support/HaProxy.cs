using System.Diagnostics;
using System.Globalization;

namespace Orders.Tests.Support;

/// <summary>HAProxy in front of two instances of the service, with the files of <c>deploy/haproxy</c> as they stand.</summary>
internal sealed class HaProxy : IDisposable
{
    private readonly TestFolder _folder;
    private readonly Process _process;

    private HaProxy(TestFolder folder, Process process, Uri address) => (_folder, _process, Address) = (folder, process, address);

    public Uri Address { get; }

    /// <summary>Waits until it sends requests to the instances, and fails when it never does.</summary>
    public static async Task<HaProxy> StartAsync(Uri one, Uri two)
    {
        var folder = new TestFolder();
        Directory.CreateDirectory(folder.Data);
        string configuration = Path.Combine(SourceTree.Root, "deploy", "haproxy");
        var address = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{Ports.Free()}"));
        string[] arguments = ["-db", "-f", Path.Combine(configuration, "0-defaults.cfg"), "-f", Path.Combine(configuration, "http.cfg")];
        var start = new ProcessStartInfo(Find(), arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["HAPROXY_SOCKET"] = Path.Combine(folder.Data, "haproxy.sock");
        start.Environment["ORDERS_BIND"] = address.Authority;
        start.Environment["ORDERS_1"] = one.Authority;
        start.Environment["ORDERS_2"] = two.Authority;
        Process process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        var proxy = new HaProxy(folder, process, address);
        using var client = new HttpClient { BaseAddress = address };
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!await AnswersAsync(client))
        {
            Assert.That(deadline.IsCancellationRequested || process.HasExited, Is.False, "HAProxy does not answer.");
        }

        return proxy;
    }

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
        _folder.Dispose();
    }

    private static async Task<bool> AnswersAsync(HttpClient client)
    {
        try
        {
            using HttpResponseMessage answer = await client.GetAsync(new Uri("/health/ready", UriKind.Relative));
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    /// <summary>Debian puts it where only root's PATH leads.</summary>
    private static string Find() => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Select(folder => Path.Combine(folder, "haproxy"))
        .Append("/usr/sbin/haproxy")
        .FirstOrDefault(File.Exists) ?? throw new InvalidOperationException(
            "The tests behind HAProxy need its program: install the package haproxy. (./dev test installs it where it can.)");
}
