using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Orders.Tests.Support;

namespace Orders.Tests.SupplyChain;

/// <summary>Each project says which content of which package it takes, wherever the packages come from.</summary>
internal sealed partial class LockFileTests
{
    private static readonly string[] Projects =
    [
        .. new[] { "Orders.Api", "Orders.Application", "Orders.Domain", "Orders.Infrastructure", "Orders.Tests", "bench/allocations", "bench/bare-limit" }
            .Select(project => Path.Combine(SourceTree.Root, project)),
    ];

    private static readonly Dictionary<string, string> Versions = XDocument.Load(Path.Combine(SourceTree.Root, "Directory.Packages.props"))
        .Descendants("PackageVersion").ToDictionary(package => package.Attribute("Include")!.Value, package => package.Attribute("Version")!.Value);

    [TestCaseSource(nameof(Projects))]
    public void A_project_has_a_lock_file_with_a_hash_of_each_package_and_no_address(string project)
    {
        string text = File.ReadAllText(Path.Combine(project, "packages.lock.json"));
        Assert.That(text, Does.Not.Contain("://").And.Not.Contain("registry").And.Not.Contain(".nuget"));
        JsonProperty[] packages = [.. Packages(text)];
        Assert.That(packages.Where(package => package.Value.GetProperty("type").GetString() != "Project" && !HasHash(package.Value)).Select(package => package.Name), Is.Empty);
        Assert.That(
            packages.Where(package => Versions.TryGetValue(package.Name, out string? version) && package.Value.GetProperty("resolved").GetString() != version)
                .Select(package => package.Name),
            Is.Empty);
    }

    [Test]
    public void A_direct_package_of_each_project_is_in_its_lock_file()
    {
        foreach (string project in Projects)
        {
            string file = Directory.EnumerateFiles(project, "*.csproj").Single();
            IEnumerable<string> references = XDocument.Load(file).Descendants("PackageReference").Select(reference => reference.Attribute("Include")!.Value);
            string text = File.ReadAllText(Path.Combine(project, "packages.lock.json"));
            Assert.That(Packages(text).Where(package => package.Value.GetProperty("type").GetString() == "Direct").Select(package => package.Name), Is.EquivalentTo(references), file);
        }
    }

    /// <summary>A section for one runtime is what a publish for that leaves behind.</summary>
    [TestCaseSource(nameof(Projects))]
    public void A_lock_file_is_for_every_runtime(string project)
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllText(Path.Combine(project, "packages.lock.json")));
        Assert.That(document.RootElement.GetProperty("dependencies").EnumerateObject().Select(target => target.Name), Is.EqualTo(new[] { "net10.0" }));
    }

    [Test]
    public void The_image_is_built_of_the_packages_of_the_lock_files()
    {
        string file = File.ReadAllText(Path.Combine(SourceTree.Root, "Dockerfile"));
        Assert.That(file, Does.Contain("dotnet restore Orders.Api --locked-mode"));
        Assert.That(CopiedProject().Matches(file).Select(match => match.Groups["project"].Value), Is.EquivalentTo(CopiedLockFile().Matches(file).Select(match => match.Groups["project"].Value)));
    }

    private static IEnumerable<JsonProperty> Packages(string text) =>
        JsonDocument.Parse(text).RootElement.GetProperty("dependencies").EnumerateObject().SelectMany(target => target.Value.EnumerateObject());

    private static bool HasHash(JsonElement package) => package.TryGetProperty("contentHash", out JsonElement hash) && hash.GetString() is { Length: > 80 };

    [GeneratedRegex(@"(?<project>Orders\.\w+)/\1?\S*\.csproj")]
    private static partial Regex CopiedProject();

    [GeneratedRegex(@"(?<project>Orders\.\w+)/packages\.lock\.json")]
    private static partial Regex CopiedLockFile();
}
