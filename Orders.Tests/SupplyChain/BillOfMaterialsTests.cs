using System.Text.Json;
using System.Text.RegularExpressions;
using Orders.Tests.Sdk;
using Orders.Tests.Support;

namespace Orders.Tests.SupplyChain;

/// <summary><c>./dev sbom</c> writes what the service is published with.</summary>
internal sealed partial class BillOfMaterialsTests
{
    private TestFolder _folder = null!;
    private JsonElement _bill;

    [OneTimeSetUp]
    public async Task WriteAsync()
    {
        _folder = new TestFolder();
        string file = Path.Combine(_folder.Data, "orders.cdx.json");
        await Shell.RunAsync($"./dev sbom {file}", SourceTree.Root);
        _bill = JsonDocument.Parse(await File.ReadAllTextAsync(file)).RootElement;
    }

    [OneTimeTearDown]
    public void Delete() => _folder.Dispose();

    [Test]
    public void It_names_the_service_in_its_version_and_a_common_format()
    {
        JsonElement service = _bill.GetProperty("metadata").GetProperty("component");
        Assert.That(_bill.GetProperty("bomFormat").GetString(), Is.EqualTo("CycloneDX"));
        Assert.That(service.GetProperty("name").GetString(), Is.EqualTo("Orders"));
        Assert.That(service.GetProperty("version").GetString(), Is.EqualTo(Version().Match(File.ReadAllText(Path.Combine(SourceTree.Root, "Directory.Build.props"))).Groups[1].Value));
    }

    [TestCase("Npgsql")]
    [TestCase("Dapper")]
    [TestCase("Serilog.AspNetCore")]
    [TestCase("dbup-postgresql")]
    public void It_has_each_package_of_the_service_in_its_version(string package)
    {
        string versions = File.ReadAllText(Path.Combine(SourceTree.Root, "Directory.Packages.props"));
        string version = Regex.Match(versions, $"Include=\"{Regex.Escape(package)}\" Version=\"([^\"]+)\"").Groups[1].Value;
        Assert.That(version, Is.Not.Empty);
        Assert.That(Components(), Does.Contain((package, version)));
    }

    [Test]
    public void It_has_what_packages_bring_along_and_nothing_of_the_tests() => Assert.That(
        Components().Select(component => component.Name),
        Does.Contain("dbup-core").And.Not.Contain("NUnit").And.Not.Contain("Moq").And.Not.Contain("NSwag.MSBuild"));

    private IEnumerable<(string? Name, string? Version)> Components() => _bill.GetProperty("components").EnumerateArray()
        .Select(component => (component.GetProperty("name").GetString(), component.GetProperty("version").GetString()));

    [GeneratedRegex("<Version>(.+)</Version>")]
    private static partial Regex Version();
}
