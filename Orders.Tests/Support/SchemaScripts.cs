using Orders.Infrastructure.Schema;

namespace Orders.Tests.Support;

/// <summary>The scripts that <c>migrate</c> applies, in their order.</summary>
internal static class SchemaScripts
{
    public static string[] All { get; } = [.. Read()];

    private static IEnumerable<string> Read()
    {
        foreach (string name in typeof(SchemaMigrator).Assembly.GetManifestResourceNames().Where(IsScript).Order(StringComparer.Ordinal))
        {
            using var reader = new StreamReader(typeof(SchemaMigrator).Assembly.GetManifestResourceStream(name)!);
            yield return reader.ReadToEnd();
        }
    }

    private static bool IsScript(string resource) => resource.EndsWith(".sql", StringComparison.Ordinal);
}
