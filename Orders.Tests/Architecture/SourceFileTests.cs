using Orders.Tests.Support;

namespace Orders.Tests.Architecture;

/// <summary>A product file is read at a glance.</summary>
internal sealed class SourceFileTests
{
    private static readonly string[] Projects = ["Orders.Api", "Orders.Application", "Orders.Domain", "Orders.Infrastructure"];

    private static readonly (string Name, string[] Lines)[] Files =
    [
        .. Projects.SelectMany(project => Directory.EnumerateFiles(Path.Combine(SourceTree.Root, project), "*.cs", SearchOption.AllDirectories))
            .Select(file => Path.GetRelativePath(SourceTree.Root, file))
            .Where(file => !file.Split(Path.DirectorySeparatorChar).Intersect(["bin", "obj"]).Any())
            .Select(file => (file, File.ReadAllLines(Path.Combine(SourceTree.Root, file)))),
    ];

    [Test]
    public void A_file_has_at_most_200_lines() => Assert.That(Files.Where(file => file.Lines.Length > 200).Select(file => file.Name), Is.Empty);

    /// <summary>Texts of operations are single lines: a break in one would be in the OpenAPI documents.</summary>
    [Test]
    public void A_line_has_at_most_140_columns() => Assert.That(
        Files.SelectMany(file => file.Lines.Select((line, index) => (Place: $"{file.Name}:{index + 1}", Line: line)))
            .Where(found => found.Line.Length > 140 && !found.Line.TrimStart().StartsWith("/// <", StringComparison.Ordinal))
            .Select(found => found.Place),
        Is.Empty);
}
