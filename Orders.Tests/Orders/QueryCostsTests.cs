using System.Text.RegularExpressions;
using Orders.Infrastructure.Orders;
using Orders.Tests.Support;

namespace Orders.Tests.Orders;

/// <summary>The statements that docs/query-costs.sql measures are those of the service.</summary>
internal sealed partial class QueryCostsTests
{
    private static IEnumerable<string> Statements()
    {
        var slice = SliceStatements.For(100);
        return [slice.Rows, slice.RowsAfterSkip, slice.KeysBefore, SliceStatements.KeyAt];
    }

    [TestCaseSource(nameof(Statements))]
    public async Task A_documented_statement_is_the_services(string sql) => Assert.That(await DocumentedAsync(), Does.Contain(InOneLine(sql)));

    [TestCase("OrderRepository.KeyIndex.cs", 2)]
    [TestCase("OrderRepository.Find.cs", 2)]
    [TestCase("StatusBatch.cs", 1)]
    [TestCase("StatusWriter.cs", 1)]
    public async Task The_other_statements_of_a_file_are_documented(string file, int statements)
    {
        string source = await File.ReadAllTextAsync(Path.Combine(SourceTree.Root, "Orders.Infrastructure", "Orders", file));
        string[] found =
        [
            .. Literal().Matches(source)
                .Select(match => match.Groups[1].Success ? match.Groups[1].Value : match.Groups[2].Value)
                .Where(text => text.Contains(" from orders_synced", StringComparison.Ordinal) || text.StartsWith("update orders_synced", StringComparison.Ordinal))
                .Where(text => !text.Contains("::bigint, max", StringComparison.Ordinal))
                .Where(text => text.Contains('$', StringComparison.Ordinal) && !text.StartsWith("select o_orderkey::bigint from", StringComparison.Ordinal))
                .Select(text => text.Replace("{LastKey}", "9223372036854775807", StringComparison.Ordinal).Replace("{OrderRow.Columns}", OrderRow.Columns, StringComparison.Ordinal))
                .Select(text => InOneLine(text).Trim()),
        ];
        Assert.That(found, Has.Length.EqualTo(statements));
        string documented = await DocumentedAsync();
        Assert.That(found.Where(sql => !documented.Contains(sql, StringComparison.Ordinal)), Is.Empty);
    }

    private static async Task<string> DocumentedAsync() =>
        InOneLine(await File.ReadAllTextAsync(Path.Combine(SourceTree.Root, "docs", "query-costs.sql")));

    private static string InOneLine(string sql) => Blanks().Replace(sql, " ");

    [GeneratedRegex("\"\"\"(.*?)\"\"\"|= \\$?\"([^\"\\n]+)\"", RegexOptions.Singleline)]
    private static partial Regex Literal();

    [GeneratedRegex("\\s+")]
    private static partial Regex Blanks();
}
