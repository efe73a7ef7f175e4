using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;

namespace Orders.Tests.Support;

/// <summary>The program as a process of its own, with everything that it writes.</summary>
internal sealed partial class ApiProcess : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _errors = new();
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _awaited = new();
    private readonly TaskCompletionSource<Uri> _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ApiProcess(ProcessStartInfo start)
    {
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Read(line.Data);
        _process.ErrorDataReceived += (_, line) => Append(_errors, line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public string Output => Text(_output);

    public string Errors => Text(_errors);

    public int Id => _process.Id;

    public static ApiProcess Start(string environment, params string[] arguments) => Start(environment, [], arguments);

    /// <param name="environment">Development, Production.</param>
    /// <param name="variables">Environment variables beside those of this process.</param>
    /// <param name="arguments">Its command line.</param>
    public static ApiProcess Start(string environment, Dictionary<string, string> variables, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(typeof(Program).Assembly.Location);
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment["ASPNETCORE_ENVIRONMENT"] = environment;
        start.Environment.Remove("ConnectionStrings__Orders");
        foreach ((string name, string value) in variables)
        {
            start.Environment[name] = value;
        }


        // Nobody is there to be asked anything, also when the tests are run at a terminal.
        start.RedirectStandardInput = true;
        return new ApiProcess(start);
    }

    /// <summary>Where it listens, from its own log.</summary>
    public Task<Uri> ListeningAsync() => _listening.Task.WaitAsync(Deadline);

    /// <summary>Returns when it has written a line with this in it to its output.</summary>
    public Task LineAsync(string part)
    {
        TaskCompletionSource written = _awaited.GetOrAdd(part, _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        Announce(Output);
        return written.Task.WaitAsync(Deadline);
    }

    public async Task<int> EndAsync()
    {
        await _process.WaitForExitAsync().WaitAsync(Deadline);
        return _process.ExitCode;
    }

    /// <summary>The way Ctrl-C ends it too, but for a runner in the background, where a shell has children ignore SIGINT.</summary>
    public void Terminate() => Signal("TERM");

    public void Signal(string name)
    {
        using Process kill = Process.Start("kill", [$"-{name}", _process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }

    [GeneratedRegex(@"(?:Now listening on: |""address"":"")(http://[^\s""]+)")]
    private static partial Regex ListeningLine();

    private static void Append(StringBuilder text, string? line)
    {
        lock (text)
        {
            text.AppendLine(line);
        }
    }

    private static string Text(StringBuilder text)
    {
        lock (text)
        {
            return text.ToString();
        }
    }

    private void Announce(string text)
    {
        foreach ((_, TaskCompletionSource written) in _awaited.Where(pair => text.Contains(pair.Key, StringComparison.Ordinal)))
        {
            written.TrySetResult();
        }
    }

    private void Read(string? line)
    {
        Append(_output, line);
        Announce(line ?? "");
        if (line is null)
        {
            _listening.TrySetException(new InvalidOperationException($"The program ended: {Errors}"));
        }
        else if (ListeningLine().Match(line) is { Success: true } match)
        {
            _listening.TrySetResult(new Uri(match.Groups[1].Value));
        }
    }
}
