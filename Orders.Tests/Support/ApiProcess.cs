using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Orders.Tests.Support;

/// <summary>The program in a process of its own, with its output.</summary>
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

    /// <summary>The lines of the log, which are JSON in Production.</summary>
    public JsonElement[] JsonLines =>
        [.. Output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(line => JsonDocument.Parse(line).RootElement)];

    public int Id => _process.Id;

    public static ApiProcess Start(string environment, params string[] arguments) => Start(environment, [], arguments);

    /// <param name="environment"><c>Development</c> or <c>Production</c>.</param>
    /// <param name="variables">Environment variables in addition to those of this process.</param>
    /// <param name="arguments">The command line.</param>
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

        // Open, as in Development. Arguments and the variables of a test overrule it.
        start.Environment["Orders__AnonymousAccess"] = "ReadWrite";

        // No balancer is there to notice that it stops.
        start.Environment["Orders__ShutdownDelay"] = "0";
        foreach ((string name, string value) in variables)
        {
            start.Environment[name] = value;
        }

        // Not a terminal, so commands do not ask for confirmation, even when the tests run in a terminal.
        start.RedirectStandardInput = true;
        return new ApiProcess(start);
    }

    /// <summary>The address that the program listens on, from its log.</summary>
    public Task<Uri> ListeningAsync() => _listening.Task.WaitAsync(Deadline);

    /// <summary>Waits until the output contains <paramref name="part"/>.</summary>
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

    /// <summary>Shuts the program down as Ctrl-C would. A shell makes background processes ignore SIGINT, so this sends SIGTERM.</summary>
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

    [GeneratedRegex(@"(?:Now listening on: |""address"":"")(https?://[^\s""]+)")]
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
