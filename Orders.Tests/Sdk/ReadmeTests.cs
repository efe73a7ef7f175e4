using System.Text.RegularExpressions;
using Orders.Client;
using Orders.Tests.Support;

namespace Orders.Tests.Sdk;

/// <summary>The examples of the README and of the page about versions do what they say.</summary>
internal sealed partial class ReadmeTests
{
    private static readonly string Readme = File.ReadAllText(Path.Combine(SourceTree.Root, "README.md"));

    private static readonly string Versions = File.ReadAllText(Path.Combine(SourceTree.Root, "docs", "versions.md"));

    private static IEnumerable<TestCaseData> Examples => Example().Matches(Readme + Versions).DistinctBy(match => match.Value)
        .Select(match => new TestCaseData(match.Groups["command"].Value, match.Groups["answer"].Value).SetArgDisplayNames(match.Groups["command"].Value));

    /// <summary>One example changes the first order.</summary>
    [TearDown]
    public async Task RestoreAsync()
    {
        using var http = new HttpClient { BaseAddress = SampleApi.Url };
        await new OrdersClient(http).UpdateOrderStatusAsync(1, new OrderStatusUpdate { O_orderstatus = OrderStatus.Open });
    }

    [TestCaseSource(nameof(Examples))]
    public async Task An_example_is_answered_as_it_shows(string command, string answer)
    {
        string url = SampleApi.Url.ToString().TrimEnd('/');
        string here = command.Replace("http://localhost:8000", url, StringComparison.Ordinal).Replace("curl ", "curl --silent --show-error ", StringComparison.Ordinal);
        Assert.That(here, Does.Contain(url));

        string actual = await Shell.RunAsync(here, SourceTree.Root);
        Assert.That(actual, Does.Match($"^{Pattern(command, answer)}$"));
    }

    [Test]
    public async Task The_loop_that_reads_and_changes_ends_with_a_change()
    {
        string loop = Loop().Match(Versions).Groups["script"].Value;
        Assert.That(loop, Does.Contain("If-Match"));
        using var folder = new TestFolder();
        string script = loop.Replace("http://localhost:8000", SampleApi.Url.ToString().TrimEnd('/'), StringComparison.Ordinal);
        Assert.That((await Shell.RunAsync(script, folder.Root)).Trim(), Is.EqualTo("200"));
    }

    [Test]
    public void Every_operation_on_orders_has_an_example() => Assert.That(Examples.Count(), Is.EqualTo(19));

    [Test]
    public void The_generator_is_the_one_that_the_tests_use()
    {
        string versions = File.ReadAllText(Path.Combine(SourceTree.Root, "Directory.Packages.props"));
        string version = GeneratorVersion().Match(versions).Value;
        Assert.That(version, Is.Not.Empty);
        Assert.That(Readme, Does.Contain(version.Replace("PackageVersion", "PackageReference", StringComparison.Ordinal)));
    }

    [GeneratedRegex("^\\$ (?<command>curl .*)\n(?<answer>.*)$", RegexOptions.Multiline)]
    private static partial Regex Example();

    [GeneratedRegex("```sh\n(?<script>order=.*?)```", RegexOptions.Singleline)]
    private static partial Regex Loop();

    [GeneratedRegex("PackageVersion Include=\"NSwag.MSBuild\" Version=\"[0-9.]+\"")]
    private static partial Regex GeneratorVersion();

    /// <summary>An ellipsis stands for anything, and the keys of a sample differ each time.</summary>
    private static string Pattern(string command, string answer)
    {
        string pattern = Regex.Escape(answer).Replace("…", "[^\"]+", StringComparison.Ordinal);
        return command.EndsWith("/sample", StringComparison.Ordinal) ? Digits().Replace(pattern, "[0-9]+") : pattern;
    }

    [GeneratedRegex("[0-9]+")]
    private static partial Regex Digits();
}
