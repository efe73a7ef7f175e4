using System.Text.RegularExpressions;
using Orders.Infrastructure.Orders;
using Orders.Tests.Support;

namespace Orders.Tests.Orders;

/// <summary>The statements that docs/query-costs.sql measures are those of the service.</summary>
internal sealed partial class QueryCostsTests
{
    [TestCase("OrderRepository.KeyIndex.cs", "with recursive boundary")]
    [TestCase("OrderRepository.Slice.cs", "select row.*")]
    public async Task A_documented_statement_is_the_services(string file, string beginning)
    {
        string source = await File.ReadAllTextAsync(Path.Combine(SourceTree.Root, "Orders.Infrastructure", "Orders", file));
        string sql = Literal().Matches(source).Select(match => match.Groups[1].Value.Trim()).Single(text => text.StartsWith(beginning, StringComparison.Ordinal));
        string documented = await File.ReadAllTextAsync(Path.Combine(SourceTree.Root, "docs", "query-costs.sql"));
        sql = sql.Replace("{maxRows}", "1001", StringComparison.Ordinal)
            .Replace("{KeyIndex.BlockSize - 1}", "999", StringComparison.Ordinal)
            .Replace("{KeyIndex.BlockSize}", "1000", StringComparison.Ordinal)
            .Replace("{OrderRow.Columns}", OrderRow.Columns, StringComparison.Ordinal)
            .Replace("{OrderRow.NoColumnsAfterCustomerKey}", OrderRow.NoColumnsAfterCustomerKey, StringComparison.Ordinal);
        Assert.That(InOneLine(documented), Does.Contain(InOneLine(sql)));
    }

    private static string InOneLine(string sql) => Blanks().Replace(sql, " ");

    [GeneratedRegex("\"\"\"(.*?)\"\"\"", RegexOptions.Singleline)]
    private static partial Regex Literal();

    [GeneratedRegex("\\s+")]
    private static partial Regex Blanks();
}
