using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Orders.Tests.Support;

namespace Orders.Tests.Servers;

/// <summary><c>./dev cluster</c>: it starts, fails over, restarts its instances without a failed request, and leaves nothing.</summary>
internal sealed class ClusterTests
{
    private const int PortCount = 50;

    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(3);
    private static readonly string Harness = Path.Combine(SourceTree.Root, "deploy", "cluster");

    [Test]
    public async Task A_cluster_fails_over_restarts_and_ends_without_a_trace()
    {
        // Folders of its own, so that another cluster of this user is left alone. A path to a Unix socket is short.
        string folder = Directory.CreateTempSubdirectory("c").FullName;
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(folder, File.GetUnixFileMode(folder) | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        }

        int port = Ports.Free(PortCount);
        var output = new StringBuilder();
        var up = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using Process cluster = Start(folder, "--program", typeof(Program).Assembly.Location, "--port", port.ToString(CultureInfo.InvariantCulture));
        try
        {
            cluster.OutputDataReceived += (_, line) =>
            {
                output.AppendLine(line.Data);
                if (line.Data is null || line.Data.Contains("in rotation orders1, orders2", StringComparison.Ordinal))
                {
                    up.TrySetResult();
                }
            };
            cluster.BeginOutputReadLine();
            await up.Task.WaitAsync(Deadline);
            Assert.That(cluster.HasExited, Is.False, $"{output}");

            string failover = await OrderAsync(folder, "failover");
            Assert.That(failover, Does.Match("The first change is answered").And.Match("pg[123] is a standby"));
            TestContext.Out.WriteLine(failover);

            string restart = await OrderAsync(folder, "restart");
            Assert.That(restart, Does.Match(@"\d+ requests in .* during 2 restarts: 0 failed\."));
            TestContext.Out.WriteLine(restart);
        }
        finally
        {
            using (Process terminate = Process.Start("kill", ["-TERM", cluster.Id.ToString(CultureInfo.InvariantCulture)]))
            {
                await terminate.WaitForExitAsync();
            }

            await cluster.WaitForExitAsync().WaitAsync(Deadline);
        }

        Assert.That(cluster.ExitCode, Is.Zero, $"{output}");
        Assert.That(Directory.EnumerateFileSystemEntries(folder), Is.Empty);
        Assert.That(Enumerable.Range(port, PortCount).Where(IsListenedOn), Is.Empty);
        Directory.Delete(folder);
    }

    [Test]
    public async Task Without_a_cluster_its_orders_say_how_to_start_one()
    {
        using var folder = new TestFolder();
        Directory.CreateDirectory(folder.Data);
        using Process order = Start(folder.Data, "failover");
        Assert.That(await order.StandardError.ReadToEndAsync(), Does.StartWith("No cluster of yours is running."));
        await order.WaitForExitAsync().WaitAsync(Deadline);
        Assert.That(order.ExitCode, Is.EqualTo(1));
        Assert.That(Directory.EnumerateFileSystemEntries(folder.Data), Is.Empty);
    }

    [Test]
    public async Task A_port_that_is_taken_is_named()
    {
        using var folder = new TestFolder();
        Directory.CreateDirectory(folder.Data);
        int port = Ports.Free(PortCount);
        using var taken = new TcpListener(System.Net.IPAddress.Loopback, port + 10);
        taken.Start();
        using Process cluster = Start(folder.Data, "--program", typeof(Program).Assembly.Location, "--port", port.ToString(CultureInfo.InvariantCulture));
        Assert.That(await cluster.StandardError.ReadToEndAsync(), Does.StartWith($"Port {port + 10} is taken by another program."));
        await cluster.WaitForExitAsync().WaitAsync(Deadline);
        Assert.That(cluster.ExitCode, Is.EqualTo(1));
    }

    private static async Task<string> OrderAsync(string folder, string name)
    {
        using Process order = Start(folder, name);
        string said = await order.StandardOutput.ReadToEndAsync().WaitAsync(Deadline);
        await order.WaitForExitAsync().WaitAsync(Deadline);
        Assert.That(order.ExitCode, Is.Zero, said);
        return said;
    }

    /// <summary>Debian's Python, as ./dev takes it.</summary>
    private static Process Start(string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo("/usr/bin/python3", ["-u", Harness, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["TMPDIR"] = folder;
        start.Environment["PYTHONDONTWRITEBYTECODE"] = "1";
        return Process.Start(start)!;
    }

    private static bool IsListenedOn(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Connect(System.Net.IPAddress.Loopback, port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
