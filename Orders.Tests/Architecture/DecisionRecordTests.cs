using System.Text.RegularExpressions;
using Orders.Tests.Support;

namespace Orders.Tests.Architecture;

/// <summary>The records in <c>docs/decisions</c> have one form, and the index lists them.</summary>
internal sealed partial class DecisionRecordTests
{
    private static readonly string Folder = Path.Combine(SourceTree.Root, "docs", "decisions");

    private static readonly string[] Records =
        [.. Directory.EnumerateFiles(Folder, "*.md").Select(file => Path.GetFileName(file)!).Where(name => name != "README.md").Order(StringComparer.Ordinal)];

    [TestCaseSource(nameof(Records))]
    public void A_record_has_number_date_status_context_decision_and_consequences(string name)
    {
        Match record = Form().Match(Read(name));
        Assert.That(record.Success, Is.True);
        Assert.That(name, Does.StartWith($"{record.Groups["number"].Value}-"));
    }

    [Test]
    public void The_index_lists_each_record_with_its_title_date_and_status()
    {
        IEnumerable<string> rows = Records.Select(name => (name, match: Form().Match(Read(name)).Groups))
            .Select(record => $"| [{record.match["number"]}]({record.name}) | {record.match["title"]} | {record.match["date"]} | {record.match["status"]} |");
        Assert.That(Read("README.md").Split('\n').Where(line => line.StartsWith("| [", StringComparison.Ordinal)), Is.EqualTo(rows));
    }

    [Test]
    public void Links_between_the_pages_lead_somewhere()
    {
        foreach (string name in Records.Append("README.md"))
        {
            IEnumerable<string> missing = Link().Matches(Read(name)).Select(link => link.Groups["path"].Value).Where(path => !Path.Exists(Path.Combine(Folder, path)));
            Assert.That(missing, Is.Empty, name);
        }
    }

    private static string Read(string name) => File.ReadAllText(Path.Combine(Folder, name));

    [GeneratedRegex(
        """
        \A# (?<number>\d{4}) (?<title>[^\n]+)

        - Date: (?<date>\d{4}-\d{2}-\d{2})
        - Status: (?<status>accepted|superseded by \d{4})

        ## Context
        .+
        ## Decision
        .+
        ## Consequences
        .+\z
        """,
        RegexOptions.Singleline)]
    private static partial Regex Form();

    [GeneratedRegex(@"\]\((?!https?:)(?<path>[^)#]+)(#[^)]*)?\)")]
    private static partial Regex Link();
}
