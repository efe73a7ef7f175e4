using System.Diagnostics;
using System.Globalization;

namespace Orders.Tests.Support;

/// <summary>The service in a process that may open few files, whose log is read only up to the address it listens on.</summary>
internal sealed class LimitedProcess : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private readonly Process _process;

    private LimitedProcess(Process process, Uri address) => (_process, Address) = (process, address);

    public Uri Address { get; }

    public bool IsAlive => !_process.HasExited;

    /// <summary>The processor time that it has used.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>Its memory, in bytes.</summary>
    public long Resident => Status("VmRSS:") * 1024;

    /// <param name="descriptors">How many files it may open, as <c>ulimit -n</c> says it; null leaves it as it is.</param>
    /// <param name="arguments">The command line.</param>
    public static async Task<LimitedProcess> StartAsync(int? descriptors, params string[] arguments)
    {
        var start = new ProcessStartInfo("sh") { RedirectStandardOutput = true, RedirectStandardError = true };
        string limit = descriptors is { } number ? $"ulimit -n {number.ToString(CultureInfo.InvariantCulture)}; " : "";
        string[] all = ["-c", $"{limit}exec dotnet \"$@\"", "sh", typeof(Program).Assembly.Location, "--urls=http://127.0.0.1:0", .. arguments];
        Array.ForEach(all, start.ArgumentList.Add);

        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Production";
        start.Environment["Orders__AnonymousAccess"] = "ReadWrite";
        Process process = Process.Start(start)!;
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        using var limitOfTime = new CancellationTokenSource(Deadline);
        while (await process.StandardOutput.ReadLineAsync(limitOfTime.Token) is { } line)
        {
            int url = line.IndexOf("\"address\":\"http://", StringComparison.Ordinal);
            if (url >= 0)
            {
                return new LimitedProcess(process, new Uri(line[(url + "\"address\":\"".Length)..].Split('"')[0]));
            }
        }

        throw new InvalidOperationException("The service ended before it listened.");
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }

    private long Status(string name) => long.Parse(
        File.ReadLines($"/proc/{_process.Id}/status").Single(line => line.StartsWith(name, StringComparison.Ordinal)).Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries)[1],
        CultureInfo.InvariantCulture);
}
