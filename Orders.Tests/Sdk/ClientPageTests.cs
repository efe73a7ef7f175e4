using System.Text.RegularExpressions;
using Orders.Client;
using Orders.Tests.Support;

namespace Orders.Tests.Sdk;

/// <summary>Each page of docs/clients is followed in an empty folder, as it stands.</summary>
internal sealed partial class ClientPageTests
{
    private static readonly string Pages = Path.Combine(SourceTree.Root, "docs", "clients");

    private static IEnumerable<string> Names => Directory.EnumerateFiles(Pages, "*.md").Select(file => Path.GetFileName(file)!).Order();

    /// <summary>Each page changes the first order.</summary>
    [TearDown]
    public async Task RestoreAsync()
    {
        using var http = new HttpClient { BaseAddress = SampleApi.Url };
        await new OrdersClient(http).UpdateOrderStatusAsync(1, new OrderStatusUpdate { O_orderstatus = OrderStatus.Open });
    }

    [Test]
    public void There_is_a_page_for_each_language() => Assert.That(Names, Is.EqualTo(["csharp.md", "python.md", "typescript.md"]));

    [TestCaseSource(nameof(Names))]
    public async Task A_page_leads_from_an_empty_folder_to_what_it_shows(string name)
    {
        string page = await File.ReadAllTextAsync(Path.Combine(Pages, name));
        string url = SampleApi.Url.ToString().TrimEnd('/');
        using var folder = new TestFolder();
        Directory.CreateDirectory(folder.Data);
        string output = "";
        int compared = 0;
        foreach (Match block in Block().Matches(page))
        {
            string text = block.Groups["text"].Value;
            string here = text.Replace("http://localhost:8000", url, StringComparison.Ordinal);
            switch (block.Groups["kind"].Value)
            {
                case "sh":
                    output = await Shell.RunAsync(here, folder.Data);
                    break;
                case "text":
                    Assert.That(output, Does.Match($"^{Regex.Escape(text).Replace("…", "[0-9a-f]{32}", StringComparison.Ordinal)}$"));
                    compared++;
                    break;
                default:
                    Assert.That(block.Groups["file"].Value, Is.Not.Empty, text);
                    await File.WriteAllTextAsync(Path.Combine(folder.Data, block.Groups["file"].Value), here);
                    break;
            }
        }

        Assert.That(compared, Is.EqualTo(1));
    }

    /// <summary>A file is named in code at the beginning of the paragraph before it.</summary>
    [GeneratedRegex("^(?:`(?<file>[^`]+)`[^`]*?\n\n)?```(?<kind>[a-z]+)\n(?<text>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();
}
