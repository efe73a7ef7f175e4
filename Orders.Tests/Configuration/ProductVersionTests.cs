using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Orders.Tests.Support;

namespace Orders.Tests.Configuration;

/// <summary>The version stands in <c>Directory.Build.props</c>; the command line, the OpenAPI documents and the log show it.</summary>
internal sealed partial class ProductVersionTests
{
    private const string NoDatabase = "Host=127.0.0.1;Port=1;Username=nobody;Database=nowhere";

    private static readonly string Version = XDocument.Load(Path.Combine(SourceTree.Root, "Directory.Build.props")).Descendants("Version").Single().Value;

    [Test]
    public void The_version_is_a_semantic_one() => Assert.That(Version, Does.Match(SemanticVersion()));

    [Test]
    public void The_changelog_has_what_is_not_released_first_and_an_entry_for_each_release()
    {
        string[] headings = [.. File.ReadLines(Path.Combine(SourceTree.Root, "CHANGELOG.md")).Where(line => line.StartsWith("## ", StringComparison.Ordinal))];
        Assert.That(headings[0], Is.EqualTo("## [Unreleased]"));
        Assert.That(headings[1..], Is.Not.Empty.And.All.Match(@"^## \[\d+\.\d+\.\d+\] - \d{4}-\d{2}-\d{2}$"));

        // A version without "-dev" is a release.
        Assert.That(Version.EndsWith("-dev", StringComparison.Ordinal) || headings[1].StartsWith($"## [{Version}] ", StringComparison.Ordinal), Is.True, Version);
    }

    /// <summary>A start would be refused here: there is no database to serve from.</summary>
    [Test]
    public async Task The_command_line_prints_the_version_and_starts_nothing()
    {
        using ApiProcess process = ApiProcess.Start("Production", "--version");
        Assert.That(await process.EndAsync(), Is.Zero, process.Errors);
        Assert.That((process.Output.Trim(), process.Errors.Trim()), Is.EqualTo((Version, "")));
    }

    [TestCase("/openapi.json")]
    [TestCase("/openapi/v3.1.json")]
    public async Task The_served_document_has_the_version(string path)
    {
        await using RunningApi api = await RunningApi.StartAsync(NoDatabase);
        Assert.That((await api.GetAsync(path)).Json.GetProperty("info").GetProperty("version").GetString(), Is.EqualTo(Version));
    }

    [Test]
    public async Task The_first_line_of_a_log_for_reading_has_the_version()
    {
        string line = await FirstLineAsync("Development");
        Assert.That(line, Does.Match($" INF Orders {Regex.Escape(Version)} starts *$"));
    }

    [Test]
    public async Task The_first_line_of_a_log_in_JSON_has_the_version()
    {
        JsonElement line = JsonDocument.Parse(await FirstLineAsync("Production")).RootElement;
        Assert.That((line.GetProperty("@mt").GetString(), line.GetProperty("Version").GetString()), Is.EqualTo(("Orders {Version} starts", Version)));
    }

    private static async Task<string> FirstLineAsync(string environment)
    {
        using ApiProcess process = ApiProcess.Start(environment, $"--ConnectionStrings:Orders={NoDatabase}", "--urls=http://127.0.0.1:0");
        await process.ListeningAsync();
        process.Terminate();
        Assert.That(await process.EndAsync(), Is.Zero, process.Errors);
        return process.Output.Split('\n')[0].TrimEnd('\r');
    }

    /// <summary>The expression that semver.org suggests, without build metadata.</summary>
    [GeneratedRegex(@"^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-(0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*)(\.(0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*))*)?$")]
    private static partial Regex SemanticVersion();
}
