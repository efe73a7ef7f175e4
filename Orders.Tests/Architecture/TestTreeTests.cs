using Orders.Tests.Support;

namespace Orders.Tests.Architecture;

/// <summary>A test stands where what it tests stands, so that the one is found by the other.</summary>
internal sealed class TestTreeTests
{
    private static readonly string[] Projects = ["Orders.Api", "Orders.Application", "Orders.Infrastructure"];

    /// <summary>Folders of tests of the whole, and of what tests use.</summary>
    private static readonly string[] OfTheWhole = ["Architecture", "Sdk", "Servers", "SupplyChain", "Support"];

    private static readonly string Root = Path.Combine(SourceTree.Root, "Orders.Tests");

    private static readonly string[] Files =
    [
        .. Directory.EnumerateFiles(Root, "*.cs", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(Root, file))
            .Where(file => !Parts(file).Intersect(["bin", "obj", "Node"]).Any()),
    ];

    [Test]
    public void The_namespace_of_a_file_is_its_folder() => Assert.That(
        Files.Where(file => !File.ReadLines(Path.Combine(Root, file)).Contains($"namespace {string.Join('.', ["Orders.Tests", .. Parts(file)[..^1]])};")),
        Is.Empty);

    [Test]
    public void A_folder_of_tests_is_a_folder_of_the_product() => Assert.That(
        Files.Select(Path.GetDirectoryName).Distinct().Where(folder => !Parts(folder!).Intersect(OfTheWhole).Any() && !IsOfProduct(folder!)),
        Is.Empty);

    private static bool IsOfProduct(string folder) => Projects.Any(project => Directory.Exists(Path.Combine(SourceTree.Root, project, folder)));

    private static string[] Parts(string path) => path.Split(Path.DirectorySeparatorChar);
}
